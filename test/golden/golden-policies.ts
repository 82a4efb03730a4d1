const BASE = `
@id("work") @title("Agents may work with documents.")
permit(principal, action in Action::"golden", resource);

@id("no-leak") @title("Who has read HR data sends nothing outside.") @severity("high")
forbid(principal in Label::"hr", action, resource) when { context.effect.external };

@id("hide-phones") @title("Phone numbers are masked, and tags shortened.") @unless("mask(result.phone) and limit(result.tags, 1)")
forbid(principal, action == Action::"golden.doc.read", resource) when { context.input.id like "hr*" };

@id("few-copies") @title("At most three copies.") @unless("cap(input.copies, 3)")
forbid(principal, action == Action::"golden.doc.write", resource) when { context.input.copies > 3 };

@id("no-notes") @title("Notes on secret documents are removed, and so is their text.") @unless("drop(input.note) and redact(input.text)")
forbid(principal, action == Action::"golden.doc.write", resource) when { context.input.id like "secret*" };

@id("needs-text") @title("A text that may not be there is no document.") @unless("drop(input.text)")
forbid(principal, action == Action::"golden.doc.write", resource) when { context.input.id like "empty*" };

@id("no-growth") @title("No document that counts beyond all numbers.")
forbid(principal, action == Action::"golden.doc.write", resource) when { context.input.id like "overflow*" && context.effect.count * 9007199254740991 * 9007199254740991 > 1 };

@id("ask") @title("Security and finance agree to what leaves.") @unless("approval(security, within: 10m) and approval(finance, within: 20m)")
forbid(principal, action == Action::"golden.doc.send", resource) when { context.input.to like "*@partner.example" };

@id("recall") @title("Sending can be recalled for a minute.") @unless("delay(60s)")
forbid(principal, action == Action::"golden.doc.send", resource) when { context.input.to like "*@slow.example" };

@id("risk") @title("The risk of the receiver must be known.") @unless("fact(risk, maxAge: 5m, wait: 500ms)")
forbid(principal, action == Action::"golden.doc.send", resource) when { context.input.to like "*@unknown.example" };
`;

/** The policy sets of the golden log in the order in which they were in force. They never change, as its connector. */
export const GOLDEN_POLICIES: readonly string[] = [
  BASE,
  `${BASE}
@id("closed") @title("The archive is closed.")
forbid(principal, action, resource) when { context.input has id && context.input.id like "archive*" };
`,
];
