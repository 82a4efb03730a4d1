import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import { okFalseFailure } from '../../src/connector/http/failure-inside-success.ts';
import type { HttpCall, HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { statusClass } from '../../src/connector/http/status-class.ts';
import type { Clock } from '../../src/lib/clock.ts';

/**
 * Refusals, after which nothing has happened [doc: the errors of each method]. An error that is in no list may have come
 * in the middle of the work.
 */
const REFUSALS: ReadonlySet<string> = new Set(
  `already_archived already_in_channel already_in_team as_user_not_supported ban cannot_delete_file cant_archive_general
  cant_archive_required cant_delete_message cant_invite cant_invite_self cant_kick_from_general cant_kick_self cant_update_message
  channel_not_found compliance_exports_prevent_deletion could_not_archive_channel cursor_error edit_window_closed
  ekm_access_denied enterprise_is_restricted feature_not_enabled file_deleted file_not_found inactive_user invalid_arg_name
  invalid_array_arg invalid_args invalid_arguments invalid_charset invalid_cursor invalid_form_data invalid_limit
  invalid_metadata_format invalid_name invalid_name_maxlength invalid_name_punctuation invalid_name_required
  invalid_name_specials invalid_post_type invalid_ts_latest invalid_ts_oldest invalid_users is_archived limit_required
  message_not_found method_deprecated method_not_supported_for_channel_type missing_argument missing_post_type missing_scope
  msg_too_long name_taken no_permission no_such_subteam no_text no_user no_users_provided not_admin not_allowed not_allowed_token_type
  not_an_admin not_archived not_authorized not_enough_users not_in_channel not_supported org_user_not_in_team
  permission_denied plan_upgrade_required posting_to_general_channel_denied restricted_action restricted_action_read_only_channel
  team_access_not_granted team_not_found thread_locked thread_not_found too_many_members unknown_method ura_max_channels
  user_is_bot user_is_restricted user_is_ultra_restricted user_not_found user_not_visible users_not_found`.split(/\s+/),
);

/** Errors that every method can answer, and that are no refusals [doc]. */
const BY_ERROR: ReadonlyMap<string, FailureClass> = new Map([
  ['invalid_auth', 'credential'],
  ['not_authed', 'credential'],
  ['account_inactive', 'credential'],
  ['token_expired', 'credential'],
  ['token_revoked', 'credential'],
  ['org_login_required', 'credential'],
  ['ratelimited', 'rate-limited'],
  ['rate_limited', 'rate-limited'],
  ['accesslimited', 'unavailable'],
  ['team_added_to_org', 'unavailable'],
  ['service_unavailable', 'unavailable'],
  // "some aspect of the operation succeeded before the error was raised" [doc: fatal_error]
  ['fatal_error', 'ambiguous'],
  ['internal_error', 'ambiguous'],
  ['request_timeout', 'ambiguous'],
  ['', 'ambiguous'],
]);

/** What a method answers where it has been done already: nothing is left to do [doc]. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  '/api/conversations.archive': ['already_archived'],
  '/api/conversations.unarchive': ['not_archived'],
  '/api/conversations.invite': ['already_in_channel'],
  '/api/conversations.kick': ['not_in_channel'],
};

function classOf(error: string): FailureClass {
  return BY_ERROR.get(error) ?? (REFUSALS.has(error) ? 'refused' : 'ambiguous');
}

/** How Slack says no: nearly always with 200 and `ok: false`. Total. */
export function slackFailureOf(clock: Clock): (reply: HttpReply, call: HttpCall) => Failure | undefined {
  return (reply, { path }) => {
    const byStatus = statusClass(reply.status);
    const said = okFalseFailure(reply.body);
    if (byStatus === undefined && said === undefined) return undefined;
    if (said !== undefined && HARMLESS[path]?.includes(said.code) === true) return undefined;
    const found = byStatus ?? classOf(said?.code ?? '');
    const detail = said?.detail ?? `Slack answered ${reply.status}.`;
    return found === 'rate-limited'
      ? { class: found, detail, retryAfterMs: retryAfterFrom(reply.headers, clock) }
      : { class: found, detail };
  };
}
