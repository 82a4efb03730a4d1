import { svg } from './element.js';

const ROW = 34;
const WIDTH = 420;
const LEFT = 150;
const RIGHT = 270;
const NAME_MAX = 20;

/** Which agent reached for which system: one line each, broken and red where something was denied. */
export function accessGraph(actions) {
  const edges = new Map();
  for (const { agent, operation, decision } of actions) {
    const system = operation.split('.')[0];
    const key = JSON.stringify([agent, system]);
    const edge = edges.get(key) ?? { agent, system, count: 0, denied: 0 };
    edge.count++;
    if (decision === 'deny') edge.denied++;
    edges.set(key, edge);
  }
  const agents = [...new Set([...edges.values()].map(({ agent }) => agent))];
  const systems = [...new Set([...edges.values()].map(({ system }) => system))];
  const height = Math.max(agents.length, systems.length) * ROW + 8;
  const y = (list, name) => ((list.indexOf(name) + 0.5) * height) / list.length;
  const said = [...edges.values()].map(
    ({ agent, system, count, denied }) => `${agent}, ${system}: ${count}, ${denied} denied`,
  );
  return svg(
    'svg',
    {
      class: 'graph',
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: 'img',
      'aria-label': `Who reached for what. ${said.join('. ')}`,
    },
    [...edges.values()].flatMap((edge) => lines(edge, y(agents, edge.agent), y(systems, edge.system))),
    agents.map((name) => label(name, { x: LEFT - 12, y: y(agents, name), anchor: 'end' })),
    systems.map((name) => label(name, { x: RIGHT + 12, y: y(systems, name), anchor: 'start' })),
    agents.map((name) => svg('circle', { class: 'node', cx: LEFT, cy: y(agents, name), r: 5 })),
    systems.map((name) =>
      svg('rect', { class: 'node', x: RIGHT - 5, y: y(systems, name) - 5, width: 10, height: 10, rx: 2 }),
    ),
  );
}

function lines({ count, denied }, from, to) {
  const middle = (LEFT + RIGHT) / 2;
  const curve = (shift) =>
    `M${LEFT} ${from + shift}C${middle} ${from + shift} ${middle} ${to + shift} ${RIGHT} ${to + shift}`;
  const width = (n) => Math.min(1.5 + Math.log2(n), 5);
  return [
    count > denied &&
      svg('path', { class: 'edge', d: curve(denied > 0 ? -3 : 0), 'stroke-width': width(count - denied) }),
    denied > 0 &&
      svg('path', { class: 'edge denied', d: curve(count > denied ? 3 : 0), 'stroke-width': width(denied) }),
  ];
}

function label(name, { x, y, anchor }) {
  const shown = name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
  return svg('text', { x, y, 'text-anchor': anchor, 'dominant-baseline': 'middle' }, shown, svg('title', {}, name));
}
