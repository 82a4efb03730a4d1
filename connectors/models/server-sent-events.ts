/**
 * Reads the data of server-sent events (HTML, "Server-sent events") out of whole lines as they come. Fields but `data` are
 * not needed: the data of every dialect says what it is.
 */
export class ServerSentEvents {
  #data: string[] = [];

  /** The data of each event that has ended. */
  read(lines: string): readonly string[] {
    const events: string[] = [];
    for (const line of lines.replaceAll(/\r\n?/g, '\n').split('\n').slice(0, -1)) {
      if (line !== '') this.#note(line);
      else if (this.#data.length > 0) {
        events.push(this.#data.join('\n'));
        this.#data = [];
      }
    }
    return events;
  }

  #note(line: string): void {
    const [, data] = /^data:(?: ?)(.*)$/.exec(line) ?? [];
    if (data !== undefined) this.#data.push(data);
  }
}
