let answer: boolean | undefined;

/** Whether this process may turn text into code; `--disallow-code-generation-from-strings` forbids it. */
export function canGenerateCode(): boolean {
  answer ??= attempt();
  return answer;
}

function attempt(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}
