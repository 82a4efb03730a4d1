import { describe, expect, test } from 'vitest';
import { CedarDatetime, CedarDecimal, CedarDuration, CedarIp } from '../../../src/action/policy-port.ts';
import { askCedar, askCompiled, compilable, FORMS, ref, type World } from './world.ts';

const world: World = {
  principal: ref('User', 'alice'),
  action: ref('Action', 'read'),
  resource: ref('Doc', 'd1'),
  context: {
    yes: true,
    no: false,
    one: 1,
    big: 9_007_199_254_740_991,
    text: 'a*b',
    emoji: 'x😀y',
    names: ['a', 'b', 'a'],
    many: Array.from({ length: 40 }, (_, index) => `n${index}`),
    set: new Set(['a', 'b']),
    mixed: [1, '1', true, ref('User', 'bob'), [1, 2], { a: 1 }],
    users: [ref('User', 'bob'), ref('User', 'alice')],
    record: { a: { b: 1, gone: undefined }, constructor: 'own' },
    empty: {},
    none: [],
    gone: undefined,
    friend: ref('User', 'bob'),
    stranger: ref('User', 'nobody'),
    when: new CedarDatetime(86_400_000),
    span: new CedarDuration(60_000),
    price: new CedarDecimal(15_000),
    address: new CedarIp(4, 0x0a_00_00_01n, 32),
  },
  entities: [
    [
      ref('User', 'alice'),
      { attributes: { age: 40, boss: ref('User', 'bob') }, parents: [ref('Team', 'red')], tags: { t: 1 } },
    ],
    [ref('User', 'bob'), { attributes: { age: 50 }, parents: [] }],
    [ref('Team', 'red'), { attributes: {}, parents: [ref('Team', 'all')] }],
    [ref('Team', 'all'), { attributes: {}, parents: [ref('Org', 'org')] }],
    [ref('Doc', 'd1'), { attributes: { owner: ref('User', 'alice') }, parents: [] }],
  ],
};

/** Conditions by what they show, each alone in its line. */
const CONDITIONS: Readonly<Record<string, string>> = {
  'Booleans, and what is no Boolean': String.raw`
true
!context.yes
!context.one
context.one
context.yes && context.no
context.no && context.one
context.yes && context.one
context.one && context.no
context.yes || context.one
context.no || context.one
context.no || context.missing
(context.no || context.yes) && (context.yes && (context.no || context.yes))
if context.yes then context.yes else context.missing
if context.no then context.missing else context.one
if context.one then true else true
(if context.yes then 1 else true) == 1
`,
  equality: String.raw`
context.one == 1
context.one == "1"
context.one == true
context.text != "a*b"
context.names == ["b", "a"]
context.names == ["a"]
context.set == context.names
context.none == []
context.empty == {}
context.none == {}
context.record.a == {b: 1}
{a: 1, b: [2, 3]} == {b: [3, 2, 2], a: 1}
{a: 1} == {a: 1, b: 2}
context.friend == User::"bob"
context.friend == Doc::"bob"
context.friend == "bob"
context.friend == {type: "User", id: "bob"}
context.stranger == User::"nobody"
principal == context.users
context.missing == 1
1 == context.missing
(context.big * 1024 + 1023) == 9007199254740991
[[1, 2], [2, 1]] == [[1, 2]]
`,
  'order and arithmetic': String.raw`
context.one < 2
context.one <= 1
context.one > 1
context.one >= 1
2 > context.text
context.text < "b"
context.yes < context.no
context.one < context.big
(context.big * 1024 + 1023) > context.big
(context.big * 1024 + 1023) + 1 > 0
(context.big * 1024 + 1023) - 1 > 0
-(context.big * 1024 + 1023) < 0
-(context.big * 1024 + 1023) - 1 < 0
-(context.big * 1024 + 1023) - 2 < 0
-(-(context.big * 1024 + 1023) - 1) > 0
context.big + 1 == context.big + 1
context.big + 1 > context.big
context.big * 2 == context.big + context.big
context.big * context.big > 0
context.big * 0 == 0
context.one * -5 == -5
0 * -5 == 0
-context.text == 1
context.one + context.text == 1
context.text + 1 == 1
context.yes * 2 == 1
(context.big * 1024 + 1023) - (context.big * 1024 + 1023) == 0
(context.big * 1024 + 1023) - context.big > context.big
`,
  attributes: String.raw`
context has one
context has missing
context has gone
context.gone == 1
context has record.a.b
context has record.a.gone
context has record.missing.b
context has missing.a.b
context has one.a
context.one has a
context.names has length
context.names.length == 3
context.text.length == 3
context.set has size
context.record has a
context.record.a.b == 1
context.record["a"]["b"] == 1
context.record has "constructor"
context.record.constructor == "own"
context.record has toString
context.record.toString == 1
context.empty has constructor
context.empty.constructor == 1
context.empty["__proto__"] == 1
context.record has "__proto__"
context.record["__proto__"] == "own"
context.empty has "__proto__"
{a: 1}.a == 1
{a: 1} has b
{"__proto__": 1}["__proto__"] == 1
{a: context.missing} has b
principal has age
principal.age == 40
principal.boss.age > principal.age
principal.boss has age
principal has boss.age
principal has boss.missing
principal has missing
principal.missing == 1
principal has type
principal has id
context.friend has type
context.friend.id == "bob"
context.stranger has age
context.stranger.age == 1
resource.owner == principal
resource.owner.boss.age == 50
action has anything
action.anything == 1
context.when has epochMs
context.price.units == 15000
`,
  'hierarchy and types': String.raw`
principal in Team::"red"
principal in Team::"all"
principal in Org::"org"
principal in Team::"blue"
principal in principal
principal in [Team::"blue", Org::"org"]
principal in []
principal in [Team::"blue", User::"alice"]
principal in [Org::"org", 1]
principal in context.users
principal in context.names
principal in "Team"
context.one in Team::"red"
context.stranger in context.stranger
context.stranger in Team::"red"
context.friend in [context.friend]
Team::"red" in Org::"org"
Org::"org" in Team::"red"
action in Action::"read"
action in [Action::"write", Action::"read"]
principal is User
principal is Team
principal is User in Team::"all"
principal is Team in context.missing
principal is User in [Team::"blue", Team::"red"]
context.one is User
context.friend is User in principal
`,
  sets: String.raw`
context.names.contains("a")
context.names.contains("z")
context.names.contains(1)
context.set.contains("b")
context.many.contains("n39")
context.many.contains("n40")
context.many.containsAll(["n1", "n2"])
context.many.containsAny(["z", "n2"])
context.many.containsAny(context.many)
["a", "b", "c"].containsAll(context.names)
context.names.containsAll(["a", "b", "b"])
context.names.containsAll([])
context.names.containsAny([])
context.set.containsAll(context.names)
context.set.containsAny(["z"])
context.mixed.contains(1)
context.mixed.contains("1")
context.mixed.contains(false)
context.mixed.contains(User::"bob")
context.mixed.contains([2, 1])
context.mixed.contains({a: 1})
context.mixed.contains({a: 2})
context.mixed.containsAll([[1, 2], {a: 1}])
context.users.contains(principal)
context.users.contains(User::"carol")
[principal, resource].contains(User::"alice")
[principal, context.missing].contains(principal)
[context.one, context.big].containsAny([1])
context.one.contains(1)
context.record.contains(1)
context.names.containsAll(1)
context.names.containsAny("a")
context.one.containsAll([1])
context.names.contains(context.missing)
context.none.isEmpty()
context.names.isEmpty()
context.text.isEmpty()
[].isEmpty()
context.set.isEmpty()
`,
  patterns: String.raw`
context.text like "a*b"
context.text like "a\*b"
context.text like "*"
context.text like "**"
context.text like ""
context.text like "a"
context.text like "*b"
context.text like "a*"
context.text like "*a*b*"
context.text like "ab*ab"
context.text like "a*b*b"
context.text like "*\**"
context.emoji like "x*y"
context.emoji like "x😀y"
context.emoji like "*😀*"
context.one like "*"
"aaa" like "aa*aa"
"abcbc" like "a*bc"
"" like "*"
`,
  tags: String.raw`
principal.hasTag("t")
principal.hasTag("u")
principal.getTag("t") == 1
principal.getTag("u") == 1
context.stranger.hasTag("t")
context.stranger.getTag("t") == 1
context.friend.hasTag("t")
context.friend.getTag("t") == 1
principal.hasTag("constructor")
principal.getTag(context.one) == 1
context.one.hasTag("t")
`,
  'extension types': String.raw`
context.price == decimal("1.50")
context.price.lessThan(decimal("2.0"))
context.price.greaterThanOrEqual(decimal("1.5"))
context.price < decimal("2.0")
context.address.isIpv4()
context.address.isInRange(ip("10.0.0.0/8"))
context.address == ip("10.0.0.1")
context.address == ip("10.0.0.1/24")
context.when == datetime("1970-01-02")
context.when < datetime("1970-01-03")
context.when < context.span
context.when < 5
context.span <= duration("1m")
context.when.offset(context.span) > context.when
context.when.durationSince(datetime("1970-01-01")) == duration("1d")
context.when.toDate() == datetime("1970-01-02")
context.span.toSeconds() == 60
decimal("nothing") == decimal("1.0")
decimal("nothing") == 1 || true
true || decimal("nothing") == 1
ip(context.text) == context.address
ip(context.one) == context.address
context.one.isIpv4()
ip("1.1.1.1", "2.2.2.2") == 1
context.address.isInRange()
[context.price, decimal("1.5")].contains(decimal("1.500"))
`,
};

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

describe.for(FORMS)('compiled to %s, conditions answer and fail as in Cedar:', (form) => {
  test.for(Object.entries(CONDITIONS))('%s', ([, text]) => {
    const conditions = lines(text);
    const texts = Object.fromEntries(
      conditions.flatMap((condition) => [
        [`when ${condition}`, `permit(principal, action, resource) when { ${condition} };`],
        [`unless ${condition}`, `permit(principal, action, resource) unless { ${condition} };`],
      ]),
    );
    expect(askCompiled(form, compilable(texts), world)).toEqual(askCedar({ staticPolicies: texts }, world));
  });
});
