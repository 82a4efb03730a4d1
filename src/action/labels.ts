/**
 * Labels that every policy may name, whether or not a connector here declares them: the words that connectors and
 * policies share. Connectors use these where they fit and add their own where they don't.
 */
export const WELL_KNOWN_LABELS = [
  /** Identifies a person. */
  'pii',
  /** What an employer knows of its employees. */
  'hr',
  /** What people are paid. */
  'compensation',
  'finance',
  /** How the organisation defends itself: detections, vulnerabilities, configurations. */
  'security',
  /** Not to leave the organisation. */
  'confidential',
  /** Credentials and keys. */
  'secret',
  /** Written by someone whom nobody vouches for; it may hold instructions to an agent. */
  'untrusted',
] as const;
