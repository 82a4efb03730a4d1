/**
 * Compare-and-append, one call a decision. All keys are of one tenant, so one script sees the workflow, what is frozen in
 * the tenant, and what other processes have changed of memories wider than a workflow. Nothing is written before all of
 * it was compared.
 *
 * Answers `ok n epoch entries`, `conflict missed controls entries`, `away entries` where what was
 * missed has left Redis, `lost why`, or `wrong why` for a bug of the caller.
 * `entries` are those of other processes in the tenant's feed after `seen`, each `n process workflow version changes
 * known`: not `known` are the changes of a process that does not tell them, and of entries that are gone. Of signals that
 * the other process does not know, it cannot say which cells it has changed: then each change of its is a conflict.
 */
export const APPEND_SCRIPT = `
local head, events, streams, opened, feed, chead, cevents, meta, running, dormant, snapshot = unpack(KEYS)
local expected, version, hash, at = tonumber(ARGV[1]), ARGV[3], ARGV[4], ARGV[5]
local workflow, process, epoch = ARGV[9], ARGV[10], ARGV[11]
local controls, seen = tonumber(ARGV[13]), tonumber(ARGV[14])
local touches, changes = ARGV[15], ARGV[16]
local reads, begun, ended = tonumber(ARGV[17]), tonumber(ARGV[18]), tonumber(ARGV[19])
local erased = tonumber(ARGV[20])
local asks, tells = ARGV[23], ARGV[24]
local first = 25

local m = redis.call('HMGET', meta, 'epoch', 'lost', 'n')
if m[2] then return {'lost', m[2]} end
if epoch ~= '' and m[1] ~= epoch then
  local why = 'the log of this tenant is not the one that was here before'
  redis.call('HSET', meta, 'lost', why)
  return {'lost', why}
end
local h = redis.call('HMGET', head, 'version', 'hash', 'lost', 'at', 'base')
if h[3] then return {'lost', h[3]} end
local is = tonumber(h[1] or '0')
if is < expected or (is == expected and is > 0 and h[2] ~= ARGV[2]) then
  local why = 'event ' .. expected .. ' was seen, and the log ends at ' .. is
  redis.call('HSET', head, 'lost', why)
  return {'lost', why}
end
if is == expected and tonumber(ARGV[6]) < tonumber(h[4] or '0') then
  return {'wrong', 'an event is older than the one before it'}
end
local function hasAll(names, wanted)
  for name in string.gmatch(wanted, '[^ ]+') do
    if not string.find(names, name, 1, true) then return false end
  end
  return true
end
local frozen = false
if controls >= 0 then
  local c = tonumber(redis.call('HGET', chead, 'version') or '0')
  if c < controls then
    local why = 'what is frozen in this tenant was lost'
    redis.call('HSET', meta, 'lost', why)
    return {'lost', why}
  end
  if c > controls then frozen = redis.call('LRANGE', cevents, controls, -1) end
end

local n = tonumber(m[3] or '0')
local entries, clash = {}, false
if seen >= 0 and n > seen then
  local wanted = {}
  for i = first, first + reads - 1 do wanted[ARGV[i]] = true end
  local found = redis.call('XRANGE', feed, (seen + 1) .. '-0', '+', 'COUNT', 1000)
  local last = seen
  for _, entry in ipairs(found) do
    local at = tonumber(string.match(entry[1], '^%d+'))
    local f = {}
    for i = 1, #entry[2], 2 do f[entry[2][i]] = entry[2][i + 1] end
    if at ~= last + 1 then
      entries[#entries + 1] = {at, '', '', 0, '', 0}
      clash = true
    end
    last = at
    if f.p ~= process then
      entries[#entries + 1] = {at, f.p, f.w, tonumber(f.v), f.c or '', f.t and 1 or 0}
      if reads > 0 then
        if not f.t or (f.c ~= '' and not hasAll(f.s or '', asks)) then clash = true end
        for cell in string.gmatch(f.t or '', '[^ ]+') do if wanted[cell] then clash = true end end
      end
    end
  end
  if last < n then clash = true end
end
if is > expected or frozen or clash then
  local base = tonumber(h[5] or '0')
  if expected < base then return {'away', entries} end
  local missed = is > expected and redis.call('LRANGE', events, expected - base, -1) or {}
  return {'conflict', missed, frozen or {}, entries}
end

local i = first + reads
for k = i, i + begun - 1 do redis.call('HSET', running, ARGV[k], process) end
i = i + begun
for k = i, i + ended - 1 do redis.call('HDEL', running, ARGV[k]) end
i = i + ended
local base = tonumber(h[5] or '0')
for k = i, i + 2 * erased - 1, 2 do
  local place = tonumber(ARGV[k]) - 1 - base
  -- It may have left for the ledger since it was read.
  if place >= 0 then redis.call('LSET', events, place, ARGV[k + 1]) end
end
if erased >= 0 then
  i = i + 2 * erased
  redis.call('DEL', snapshot)
  redis.call('HSET', head, 'erased', version)
end
redis.call('RPUSH', events, unpack(ARGV, i))
redis.call('HSET', head, 'version', version, 'hash', hash, 'at', at, 'open', ARGV[7], 'held', ARGV[8])
redis.call('ZADD', streams, at, workflow)
if h[5] then redis.call('ZREM', dormant, workflow) end
if ARGV[7] == '0' then redis.call('ZREM', opened, workflow) else redis.call('ZADD', opened, at, workflow) end
if not m[1] then
  m[1] = ARGV[12]
  redis.call('HSET', meta, 'epoch', m[1])
end
n = redis.call('HINCRBY', meta, 'n', 1)
local entry = {'p', process, 'w', workflow, 'f', expected + 1, 'v', version}
if touches ~= '-' then
  for _, each in ipairs({'t', touches, 'c', changes, 's', tells}) do entry[#entry + 1] = each end
end
redis.call('XADD', feed, 'MAXLEN', '~', '10000', n .. '-0', unpack(entry))
redis.call('PUBLISH', ARGV[21], cjson.encode({process, ARGV[22], workflow, tonumber(version)}))
return {'ok', n, m[1], entries}
`;
