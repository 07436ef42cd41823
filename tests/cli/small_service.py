"""A small service with two therapies, made by hand: what the faces are tested on.

CAR T cells after a wait for a slot and a bed, a bispecific after it, infections as a detour. Its
numbers are chosen to exercise every kind of part in a short run; they are no evidence.
"""

from pathsim import (
    HERE,
    NOW,
    RETURN,
    By,
    Choice,
    Clock,
    Constant,
    Detour,
    Every,
    Exponential,
    Is,
    Levels,
    LogNormal,
    Marks,
    Option,
    Pathway,
    Per,
    Poisson,
    Request,
    Resource,
    Rule,
    Service,
    Set,
    State,
    Stream,
    Test,
    Variable,
    leave,
)

CART, BISPECIFIC = "cart", "bispecific"
FITNESS = ("fit", "frail")


def death(name: str, mean: float, note: str = "") -> Clock:
    frail = By("fitness", levels={"frail": 2.0}, otherwise=1.0)
    return Clock(name, Exponential(mean=mean), leave("dead"), [frail], note=note)


def cart_states() -> list[State]:
    def mark(phase: str, *tags: str, treated: bool | None = None, setting: str = "home") -> Marks:
        return Marks(CART, phase, setting, treated, tags=tags)

    progress = Clock("progression waiting", Exponential(mean=300), leave("relapsed"))
    return [
        State("slot wait", [death("death waiting", 500), progress], [Request("slots", "make")],
              marks=mark("waiting", "line")),
        State("make", [death("death waiting", 500), Clock("made", LogNormal(3.4, 0.2), "bed wait")],
              marks=mark("manufacturing")),
        State("bed wait", [death("death waiting", 500), progress], [Request("bed", "infusion")],
              marks=mark("waiting")),
        State("infusion", [Clock("discharge", Constant(14), "assess"),
                           Clock("crs", Exponential(mean=20), "intensive")],
              holds={"bed": 1}, sets=[Set("infused", NOW)],
              marks=Marks(CART, "infusion", "hospital", True, uses={"infusion": 1},
                          tags=("infused",))),
        State("remission", [
            death("death in remission", 2000, "Smith 2024 (cohort)"),
            Clock("progression", LogNormal(6.0, 1.0), leave("relapsed"),
                  [By("response", levels={"good": 0.5}, otherwise=1.5), Per("age", 1.01, 60)]),
            Clock("infection", Exponential(mean=400), "ward", since="infused"),
            Clock("assessed", Constant(30), HERE, sets=[Set("known", Test("response", 0.9))])],
              marks=mark("remission", treated=False)),
    ]  # fmt: skip


def bispecific_states() -> list[State]:
    stop = Clock("progression bispecific", Exponential(mean=250), leave("relapsed"))
    return [
        State("step up", [Clock("stepped up", Constant(7), "dosing")], holds={"bed": 1},
              marks=Marks(BISPECIFIC, "step-up", "hospital", True, tags=("infused",))),
        State("step wait", [death("death waiting", 500)], [Request("bed", "step up", rank=2)],
              marks=Marks(BISPECIFIC, "waiting", "home", False, tags=("line",))),
        State("dosing", [death("death on bispecific", 900), stop,
                         Clock("infection", Exponential(mean=200), "ward")],
              marks=Marks(BISPECIFIC, "dosing", "clinic", True, per_day={"visit": 1 / 7})),
    ]  # fmt: skip


def shared_states() -> list[State]:
    return [
        State("ward stay", [Clock("recovery", LogNormal(2.0, 0.5), RETURN),
                            death("death of infection", 150)],
              marks=Marks(setting="hospital", uses={"antibiotics": 1}, tags=("infection",)),
              words="In hospital for an infection; treatment stands still."),
        State("intensive stay", [Clock("icu days", Constant(4), RETURN)],
              marks=Marks(setting="icu")),
        State("relapsed", [death("death relapsed", 200), Clock("gap", Constant(21), "strategy")],
              marks=Marks(phase="relapsed", treated=False)),
        State("supportive", [death("death supportive", 90)],
              marks=Marks(phase="supportive", treated=False)),
        State("dead", ends=True, marks=Marks(phase="dead", tags=("dead", "myeloma_death"))),
    ]  # fmt: skip


def small_pathway(*, first: str = CART, name: str = "small") -> Pathway:
    """Two therapies in the order asked for; then supportive care."""
    ways = {CART: "slot wait", BISPECIFIC: "step wait"}
    second = BISPECIFIC if first == CART else CART
    rules = [
        Rule("first", ways[first], [Is("line", "none")], [Set("line", "one")]),
        Rule("second", ways[second], [Is("line", "one")], [Set("line", "two")]),
        Rule("no more", "supportive"),
    ]
    assess = [Option("responds", "remission", 0.8), Option("does not", leave("relapsed"), 0.2)]
    detours = [
        Detour("ward", "ward stay", moves=["assessed"], pauses=["stepped up"]),
        Detour("intensive", "intensive stay", pauses=["discharge"]),
    ]
    variables = [
        Variable("age", initial=65.0),
        Variable("fitness", "level", Levels({"fit": 0.7, "frail": 0.3}), FITNESS),
        Variable("response", "level", Levels({"good": 0.6, "poor": 0.4}), ("good", "poor"), False),
        Variable("known", "level", "poor", ("good", "poor")),
        Variable("line", "level", "none", ("none", "one", "two")),
        Variable("infused", "moment"),
    ]
    return Pathway(
        name,
        start="strategy",
        states=[*cart_states(), *bispecific_states(), *shared_states()],
        choices=[Choice("strategy", rules=rules), Choice("assess", options=assess)],
        detours=detours,
        variables=variables,
        standing=[Clock("background death", Exponential(mean=9000), "dead")],
    )


def small_service(*, first: str = CART, patients: int = 60) -> Service:
    """The small pathway with a monthly slot and two beds."""
    return Service(
        [Stream(small_pathway(first=first), Poisson(0.2), patients=patients)],
        [Resource("bed", places=2), Resource("slots", allotments=Every(30.0, 3), carry=0)],
    )
