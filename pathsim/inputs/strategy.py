"""A strategy: an ordered list of rules that says which therapy a patient is given next.

The first rule whose conditions all hold is taken; the last, `otherwise`, always holds. Called by
`resolve`; read by the pathway builder. Knows therapies and resources by name only; whether the
names exist, `agreement` says.
"""

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from pathsim.errors import Problem
from pathsim.inputs.conditions import When, contradiction, covers
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import Written
from pathsim.inputs.forms import AtLeast, Flag, Sentence, Slug
from pathsim.inputs.quantity import Span, TimeSpan

SUPPORTIVE_CARE = "supportive_care"
"""What a rule gives when it gives no further line."""

Site = Literal["inpatient", "outpatient"]
Ivig = Literal["primary", "low_igg", "after_infection", "triggered", "none"]
OnToxicity = Literal["as_practised", "go_on", "fewer_doses", "fewer_doses_then_stop", "stop"]


class Stopping(Written):
    """A fixed duration: stop with this response or better, not before `after` the first dose."""

    response: Literal["pr", "vgpr", "cr"]
    after: TimeSpan

    @property
    def name(self) -> str:
        return f"{self.response} after {self.after}"


class Thinning(Written):
    """Fewer doses: not before `after` the first dose, with a response held for `sustained`."""

    response: Literal["pr", "vgpr", "cr", "any"]
    after: TimeSpan
    sustained: TimeSpan = Span(0.0)

    @property
    def name(self) -> str:
        return f"{self.response} after {self.after}, held for {self.sustained}"


def _form(written: Any) -> str:
    return "plan" if isinstance(written, dict | Stopping | Thinning) else "word"


FixedDuration = Annotated[
    Annotated[Flag, Tag("word")] | Annotated[Stopping, Tag("plan")], Discriminator(_form)
]
FewerDoses = Annotated[
    Annotated[Literal["label", "never"], Tag("word")] | Annotated[Thinning, Tag("plan")],
    Discriminator(_form),
]


class Options(Written):
    """How a therapy is given; what is left out, the scenario's `support` says.

    `bridging` is `default` (the therapy's own), `none`, or the name of one of its options. `site`
    is where CAR T is infused or step-up given. `hold_before_apheresis` is the time without a
    bispecific before cells are collected, `washout` that without any therapy before cells or a
    first dose.

    `infection_prophylaxis` is aciclovir, co-trimoxazole and the like. `ivig` is from month 1-2 on
    (`primary`), when IgG is found low (`low_igg`), after a severe infection (`after_infection`),
    after either (`triggered`), or never. `dexamethasone_by_lymphocytes` gives it to those whose
    lymphocytes peak high after CAR T.

    `fixed_duration` is the therapy's own (`true`) or one written out; `fewer_doses` is the label's
    rule, one written out in the place of its first step, or never; `step_up_again_after` the gap
    that calls for a full step-up, instead of the drug's own. `hold_doses: false` gives doses
    through infections and low counts. `on_toxicity` answers toxicity of the drug itself: in
    shares `as_practised`, or all alike; `fewer_doses_then_stop` stops at the second.
    """

    bridging: str | None = None
    site: Site | None = None
    tocilizumab_prophylaxis: Flag | None = None
    infection_prophylaxis: Flag | None = None
    ivig: Ivig | None = None
    dexamethasone_by_lymphocytes: Flag | None = None
    fixed_duration: FixedDuration | None = None
    fewer_doses: FewerDoses | None = None
    step_up_again_after: TimeSpan | None = None
    hold_doses: Flag | None = None
    on_toxicity: OnToxicity | None = None
    hold_before_apheresis: TimeSpan | None = None
    washout: TimeSpan | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """The options that are given, by name."""
        return tuple(n for n in type(self).model_fields if getattr(self, n) is not None)


class Rule(Written):
    """Gives a therapy to those for whom all of `when` holds and no earlier rule did.

    Where the label does not allow that for all of them, the rule says `off_label: true`.
    """

    name: Slug
    give: str
    when: When = When()
    options: Annotated[Options, Field(alias="with")] = Options()
    off_label: Flag = False
    because: Sentence


class Otherwise(Written):
    """The last rule, for everybody whom no other rule took."""

    otherwise: str
    options: Annotated[Options, Field(alias="with")] = Options()
    off_label: Flag = False
    because: Sentence

    @property
    def name(self) -> str:
        return "otherwise"

    @property
    def give(self) -> str:
        """The therapy given, or supportive care."""
        return self.otherwise

    @property
    def when(self) -> When:
        return When()


def _kind(written: Any) -> str:
    last = isinstance(written, Otherwise) or (isinstance(written, dict) and "otherwise" in written)
    return "otherwise" if last else "rule"


AnyRule = Annotated[
    Annotated[Rule, Tag("rule")] | Annotated[Otherwise, Tag("otherwise")], Discriminator(_kind)
]


class Strategy(Written):
    """Rules in the order in which they are tried."""

    strategy: Slug
    title: Sentence
    rules: Annotated[tuple[AnyRule, ...], AtLeast(1)]

    @property
    def gives(self) -> tuple[str, ...]:
        """The therapies that its rules can give, in their order, each once."""
        names = dict.fromkeys(rule.give for rule in self.rules)
        return tuple(name for name in names if name != SUPPORTIVE_CARE)


def strategy_problems(
    document: Document, at: Where, strategy: Strategy, launched: Collection[str] = ()
) -> Iterator[Problem]:
    """What is wrong with the rules taken together, each at its own line.

    A rule for a `launched` therapy lets patients through until its day.
    """
    rules = strategy.rules
    for index, rule in enumerate(rules):
        where: Where = (*at, "rules", index)
        last = index == len(rules) - 1
        if isinstance(rule, Otherwise) and not last:
            remedy = "put it last"
            yield document.problem((*where, "otherwise"), "rules follow it", remedy=remedy)
        elif isinstance(rule, Rule) and last:
            remedy = f"add '- otherwise: {SUPPORTIVE_CARE}', or a therapy"
            yield document.problem(where, "the last rule is no 'otherwise'", remedy=remedy)
        if rule.name in [earlier.name for earlier in rules[:index]] and isinstance(rule, Rule):
            cause = f"a second rule named '{rule.name}'"
            yield document.problem((*where, "name"), cause, remedy="give it another name")
        always = tuple(earlier for earlier in rules[:index] if earlier.give not in launched)
        yield from _unreachable(document, where, rule, always)


def _unreachable(
    document: Document, where: Where, rule: Rule | Otherwise, before: tuple[Rule | Otherwise, ...]
) -> Iterator[Problem]:
    """A problem if nobody can come to the rule and meet its conditions."""
    for part, when in rule_parts(rule.when):
        if why := contradiction(when):
            at = (*where, "when", *part)
            remedy = "correct the conditions"
            yield document.problem(at, f"can never match, as {why}", remedy=remedy)
    for earlier in before:
        if isinstance(earlier, Rule) and covers(earlier.when, rule.when):
            cause = f"can never match, as rule '{earlier.name}' takes all of its patients"
            remedy = "put it before that rule, or change its conditions"
            yield document.problem(where, cause, remedy=remedy)
            return


def rule_parts(when: When, at: Where = ()) -> Iterator[tuple[Where, When]]:
    """The conditions, and those inside them that are alternatives or excluded."""
    yield at, when
    for index, way in enumerate(when.any_of or ()):
        yield from rule_parts(way, (*at, "any_of", index))
    if when.negated is not None:
        yield from rule_parts(when.negated, (*at, "not"))
