import { z } from 'zod';

// Lengths: [spec] UserProfile.
const name = z.string().min(1).max(50);
const text = z.string().max(1_024);
const address = z.email().min(5).max(100);

/** Who signs in, and where recovery links go: whoever controls these controls the account. */
const SIGN_IN = { login: address, email: address, secondEmail: address, mobilePhone: z.string().max(100) };

/** Where somebody stands in the organisation. Group rules are written over these, so they decide on access. */
const POSITION = {
  title: text,
  department: text,
  division: text,
  organization: text,
  costCenter: text,
  employeeNumber: text,
  userType: text,
  manager: text,
  managerId: text,
  countryCode: z.string().max(2),
};

/** How somebody is called and reached. */
const PRESENTATION = {
  firstName: name,
  middleName: text,
  lastName: name,
  displayName: text,
  nickName: text,
  honorificPrefix: text,
  honorificSuffix: text,
  primaryPhone: z.string().max(100),
  streetAddress: text,
  city: z.string().max(128),
  state: z.string().max(128),
  zipCode: z.string().max(50),
  postalAddress: z.string().max(4_096),
  preferredLanguage: text,
  locale: text,
  timezone: text,
  profileUrl: text,
};

/** The standard profile [spec]. Attributes that an org has added are neither written nor answered: nobody has classified them. */
const FIELDS = { ...SIGN_IN, ...POSITION, ...PRESENTATION };

export type ProfileField = keyof typeof FIELDS;
export const PROFILE_FIELDS = Object.keys(FIELDS) as readonly ProfileField[]; // keys of a literal that nothing else extends

export const isSignInField = (field: string): boolean => Object.hasOwn(SIGN_IN, field);
export const isPositionField = (field: string): boolean => Object.hasOwn(POSITION, field);

export const profileChanges = z.strictObject(FIELDS).partial();

export const newProfile = profileChanges.required({ login: true, email: true, firstName: true, lastName: true });

/** Fields that can be emptied: nobody is without a login or an e-mail address [spec: not nullable]. */
export const clearableField = z.enum(PROFILE_FIELDS.filter((field) => !['login', 'email'].includes(field)));

const anyText = z.string().nullish();

/** A user as agents see one: no credentials, no links, no attributes of the org's own. */
export const userOutput = z.object({
  id: z.string(),
  status: z.string(),
  transitioningToStatus: anyText,
  created: anyText,
  activated: anyText,
  statusChanged: anyText,
  lastLogin: anyText,
  lastUpdated: anyText,
  passwordChanged: anyText,
  profile: z.object(
    Object.fromEntries(PROFILE_FIELDS.map((field) => [field, anyText])) as Record<ProfileField, typeof anyText>,
  ),
});

/** What every reply about a user has; for reading back. */
export const userState = z.object({ id: z.string(), status: z.string(), transitioningToStatus: anyText });

/** Whether Okta is still at an activation or deactivation, which go on after their call was answered. */
export function isTransitioning(user: unknown): boolean {
  return typeof userState.safeParse(user).data?.transitioningToStatus === 'string';
}
