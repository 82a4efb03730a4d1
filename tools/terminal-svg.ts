// Text with the escape sequences of picocolors as a picture of a terminal.

const FONT_SIZE = 13;
const CHARACTER = 7.83;
const LINE = 19;
const MARGIN = 18;
const BAR = 34;

const PAINT: Readonly<Record<string, string>> = {
  '31': '#ff7b72',
  '32': '#56d364',
  '33': '#e3b341',
  '36': '#58c5dd',
};

interface Style {
  readonly colour?: string | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
}

/** An SVG that shows `text` as a dark terminal of `columns` characters. */
export function terminalSvg(
  text: string,
  { title, columns }: { readonly title: string; readonly columns: number },
): string {
  const lines = text.split('\n');
  const width = Math.ceil(columns * CHARACTER + 2 * MARGIN);
  const height = BAR + lines.length * LINE + 2 * MARGIN;
  const rows = lines.map((line, i) => {
    const y = BAR + MARGIN + (i + 0.75) * LINE;
    return line === '' ? '' : `<text x="${MARGIN}" y="${y}">${spansOf(line)}</text>`;
  });
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, i) => `<circle cx="${MARGIN + 4 + i * 20}" cy="${BAR / 2 + 2}" r="6" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    '<style>text { font: ' +
      `${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d5dbe3; white-space: pre; }</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#0e1319"/>`,
    ...dots,
    `<text x="${width / 2}" y="${BAR / 2 + 6}" text-anchor="middle" fill-opacity="0.6">${escaped(title)}</text>`,
    ...rows.filter((row) => row !== ''),
    '</svg>',
    '',
  ].join('\n');
}

/** One line as `tspan`s; a sequence changes the style of what follows it, and every line begins plainly. */
function spansOf(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read here
  const [first = '', ...parts] = line.split(/\u001b\[([0-9]+)m/);
  const spans = [span(first, {})];
  let style: Style = {};
  for (let i = 0; i < parts.length; i += 2) {
    style = styled(style, parts[i] ?? '');
    spans.push(span(parts[i + 1] ?? '', style));
  }
  return spans.join('');
}

function styled(style: Style, code: string): Style {
  switch (code) {
    case '1':
      return { ...style, bold: true };
    case '2':
      return { ...style, dim: true };
    case '3':
      return { ...style, italic: true };
    case '22':
      return { ...style, bold: false, dim: false };
    case '23':
      return { ...style, italic: false };
    default:
      return { ...style, colour: PAINT[code] };
  }
}

function span(text: string, { colour, bold, dim, italic }: Style): string {
  if (text === '') return '';
  const attributes = [
    colour === undefined ? '' : ` fill="${colour}"`,
    bold === true ? ' font-weight="bold"' : '',
    dim === true ? ' fill-opacity="0.6"' : '',
    italic === true ? ' font-style="italic"' : '',
  ].join('');
  return attributes === '' ? escaped(text) : `<tspan${attributes}>${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
