"""A document meets what is on record of it: which facts are there already, which contradict, which are new.

Its clauses are those on record of the same path and heading, so that no clause stands twice. A fact that is on record
for its clause is not stated again; a new one hangs on that clause; one that contradicts what is on record (another value
of the same goal, another leading department) is left out unless a person has decided for it, and then stands beside.
Nothing on record is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from graph import schema as s
from graph.facts import Facts, Stated
from graph.language import say
from graph.schema import Clause, Measure, Node, Relationship, Target
from loaders.lexicon import Lexicon, names_of
from loaders.review.clause_matches import Clauses, Key, pair_clauses
from loaders.review.known_documents import Record
from loaders.review.likeness import goal_words, other_sum, other_value, same_measure, same_target, sum_words

F = TypeVar("F", bound=s.Fact)
N = TypeVar("N", bound=Node)


class State(StrEnum):
    """How a fact stands to what is on record."""

    NEW = "new"
    SAME = "same"
    CONTRARY = "contrary"


#: In Chinese: in the column of the workbook, and on the screen.
STATE_NAMES = {State.NEW: "新增", State.SAME: "已在库", State.CONTRARY: "与库中不一致"}


def state_words(state: str | None) -> str:
    """A state in the reader's language."""
    names = {State.NEW: "new", State.SAME: "on record", State.CONTRARY: "differs from the record"}
    return say(STATE_NAMES[State(state)], names[State(state)]) if state else ""


@dataclass
class Meeting:
    """How the facts of a document stand to what is on record of it.

    Parameters
    ----------
    facts: what is to be stated: what is new, and what a person decided for.
    document: its id on record; None if it is not.
    states: of every fact, by its key.
    on_record: what the record says instead, in words; of those that contradict.
    """

    facts: Facts
    document: str | None = None
    states: dict[Key, State] = field(default_factory=dict)
    on_record: dict[Key, str] = field(default_factory=dict)
    decided: Collection[Key] = ()

    @property
    def left_out(self) -> list[Key]:
        """Keys of what contradicts the record, and nobody has decided for."""
        return [k for k, state in self.states.items() if state is State.CONTRARY and k not in self.decided]


def meet(
    extracted: Facts,
    record: Record,
    issuers: Iterable[str],
    name_of: Callable[[str], str],
    decided: Collection[Key] = (),
) -> Meeting:
    """Set the facts of a document against what is on record of it.

    Parameters
    ----------
    found: all that the document says.
    issuers: their names.
    name_of: the name of a node on record by its id.
    decided: keys of facts that a person wants beside what contradicts them.
    """
    own = next((n for n in extracted.nodes.values() if isinstance(n, s.Document) and _is_described(n, extracted)), None)
    on_record = record.same(own, issuers) if own is not None else None
    cited = _cited(extracted, own, record)
    if own is None or on_record is None:
        return Meeting(renamed(extracted, cited))
    return _Meeting(extracted, record.of(on_record), own.id, on_record, name_of).meet(cited, decided)


def _is_described(document: Node, extracted: Stated) -> bool:
    """Whether it is the document itself, not one that is cited."""
    return not any(r.type() == "CITES" and r.end == document.id for r in extracted.relationships.values())


def _cited(extracted: Facts, own: Node | None, record: Record) -> dict[str, str]:
    """Ids on record of the documents that are cited."""
    others = [n for n in extracted.nodes.values() if isinstance(n, s.Document) and n is not own]
    return {n.id: known for n in others if (known := record.same(n, ())) is not None and known != n.id}


# -- what clauses state -------------------------------------------------------------------------------


@dataclass
class _Said:
    """What one clause says, with all that belongs to it."""

    tasks: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    concerns: set[tuple[str, str]] = field(default_factory=set)
    appointments: set[tuple[str, str, str]] = field(default_factory=set)


def _said(stated: Stated, outline: Clauses, homes: Mapping[str, str]) -> dict[str, _Said]:
    """What is stated, by the clause it belongs to."""
    said: dict[str, _Said] = defaultdict(_Said)
    for node in stated.nodes.values():
        here = said[outline.home(outline.clause_of(node), homes)]
        if isinstance(node, s.Task):
            here.tasks.append(node.id)
        elif isinstance(node, Target):
            here.targets.append(node)
        elif isinstance(node, Measure):
            here.measures.append(node)
    for one in sorted(stated.relationships.values(), key=lambda r: (getattr(r, "order", None) or 0, r.id)):
        here = said[outline.home(outline.clause_of(one), homes)]
        if isinstance(one, s.ResponsibleFor):
            (here.lead if one.role == s.Role.LEAD else here.support).append(one.start)
        elif isinstance(one, s.Concerns):
            here.concerns.add((one.end, str(one.stance)))
        elif isinstance(one, s.Leads | s.Carries):
            here.appointments.add((one.start, one.type(), one.end))
    return said


# -- the meeting --------------------------------------------------------------------------------------


class _Meeting:
    def __init__(
        self, extracted: Facts, record: Stated, own: str, document: str, name_of: Callable[[str], str]
    ) -> None:
        self.found, self.record, self.name_of = extracted, record, name_of
        self.own, self.document = own, document
        self.ours, theirs = Clauses(extracted), Clauses(record)
        self.pairs = pair_clauses(extracted, record)
        self.said = _said(record, theirs, {i: i for i in self.pairs.values()})
        self.states: dict[Key, State] = {}
        self.on_record: dict[Key, str] = {}
        #: Ids of the document -> ids on record.
        self.same: dict[str, str] = {own: document, **self.pairs}

    def meet(self, cited: dict[str, str], decided: Collection[Key]) -> Meeting:
        self.same |= cited
        for home, nodes in self._by_home(self.found.nodes).items():
            said = self.said.get(home, _Said())
            self._pair([n for n in nodes if isinstance(n, Target)], said.targets, same_target, other_value, goal_words)
            self._pair([n for n in nodes if isinstance(n, Measure)], said.measures, same_measure, other_sum, sum_words)
            if home:
                self.same |= {n.id: said.tasks[0] for n in nodes if isinstance(n, s.Task) and said.tasks}
        for home, relationships in self._by_home(self.found.relationships).items():
            for one in relationships:
                self._stand(one, self.said.get(home, _Said()))
        self._contradict_whole_lists()
        facts = _Remainder(self, decided).facts()
        return Meeting(facts, self.document, self.states, self.on_record, decided)

    def _by_home(self, facts: Mapping[str, F]) -> dict[str, list[F]]:
        groups: dict[str, list[F]] = defaultdict(list)
        for fact in facts.values():
            groups[self.ours.home(self.ours.clause_of(fact), self.pairs)].append(fact)
        return groups

    def _pair(
        self,
        ours: list[N],
        theirs: list[N],
        same: Callable[[N, N], float],
        contrary: Callable[[N, N], float],
        words: Callable[[N], str],
    ) -> None:
        """Facts of a clause with those on record, each once, the most alike first."""
        self.states |= {(n.id,): State.NEW for n in ours}
        for likeness, state in ((same, State.SAME), (contrary, State.CONTRARY)):
            likely = sorted(
                ((likeness(a, b), a.id, b.id) for a in ours for b in theirs), key=lambda p: (-p[0], p[1], p[2])
            )
            for score, mine, other in likely:
                left, right = [n for n in ours if n.id == mine], [n for n in theirs if n.id == other]
                if score > 0 and left and right:
                    ours, theirs = ([n for n in group if n.id not in (mine, other)] for group in (ours, theirs))
                    self.states[mine,] = state
                    if state is State.SAME:
                        self.same[mine] = other
                    else:
                        self.on_record[mine,] = words(right[0])

    def _stand(self, one: Relationship, said: _Said) -> None:
        key = key_of(one, self.ours.clause_of(one))
        if key is None:
            return
        if isinstance(one, s.ResponsibleFor):
            state = _state_of_unit(one, said)
            if state is State.CONTRARY:
                self.on_record[key] = self._units(said)
        elif isinstance(one, s.Concerns):
            state = State.SAME if _is_concern(one, said) else State.NEW
        else:
            state = State.SAME if (one.start, one.type(), one.end) in said.appointments else State.NEW
        self.states[key] = state

    def _contradict_whole_lists(self) -> None:
        """The responsible units of a clause are one statement: where one contradicts, nobody is added to the others."""
        contrary = {key[1]: key for key, state in self.states.items() if _is_unit(key) and state is State.CONTRARY}
        for key, state in self.states.items():
            if _is_unit(key) and state is State.NEW and key[1] in contrary:
                self.states[key] = State.CONTRARY
                self.on_record[key] = self.on_record[contrary[key[1]]]

    def _units(self, said: _Said) -> str:
        names = ("、".join(dict.fromkeys(self.name_of(i) for i in ids)) for ids in (said.lead, said.support))
        lead, support = names
        return say(f"牵头：{lead or '—'}；配合：{support or '—'}", f"lead: {lead or '—'}; support: {support or '—'}")


def key_of(one: Relationship, clause: str) -> Key | None:
    """What a relationship says of its clause; None if it says nothing that could be on record in other words."""
    if isinstance(one, s.ResponsibleFor):
        return str(one.role), clause, one.start
    if isinstance(one, s.Concerns):
        return "concern", clause, one.end, str(one.stance)
    if isinstance(one, s.Leads | s.Carries):
        return one.type(), clause, one.start, one.end
    return None


def _is_unit(key: Key) -> bool:
    return key[0] in (s.Role.LEAD, s.Role.SUPPORT)


def _state_of_unit(one: s.ResponsibleFor, said: _Said) -> State:
    mine, other = (said.lead, said.support) if one.role == s.Role.LEAD else (said.support, said.lead)
    if one.start in mine:
        return State.SAME
    contradicts = one.start in other or (one.role == s.Role.LEAD and said.lead)
    return State.CONTRARY if contradicts else State.NEW


def _is_concern(one: s.Concerns, said: _Said) -> bool:
    """Whether a clause is on record as about that; of what is merely named, and of places, in whatever sense."""
    if (one.end, str(one.stance)) in said.concerns:
        return True
    named = {end for end, _ in said.concerns} | {start for start, _, _ in said.appointments}
    return one.end in named and (one.stance == s.Stance.ABOUT or s.label_of(one.end) == "Region")


# -- what remains to be stated ------------------------------------------------------------------------


class _Remainder:
    """The facts that are not on record, on the clauses that are."""

    def __init__(self, meeting: _Meeting, decided: Collection[Key]) -> None:
        self.meeting, self.decided = meeting, decided
        self.found, self.same, self.ours = meeting.found, meeting.same, meeting.ours

    def facts(self) -> Facts:
        kept = Facts(self.found.dataset)
        for node in self.found.nodes.values():
            if isinstance(node, Target | Measure) and self._is_wanted((node.id,)):
                kept.add(_with_ids(node, self.same))
        for one in self.found.relationships.values():
            if one.type() not in ("PART_OF", "STATED_IN") and self._is_kept(one, kept):
                for renamed in self._renamed(one):
                    if renamed.id not in self.meeting.record.relationships and renamed.id not in kept.relationships:
                        kept.relationships[renamed.id] = renamed
        self._add_what_is_named(kept)
        self._add_clauses(kept)
        kept.add_citations()
        return kept

    def _is_wanted(self, key: Key) -> bool:
        state = self.meeting.states[key]
        return state is State.NEW or (state is State.CONTRARY and key in self.decided)

    def _is_kept(self, one: Relationship, kept: Facts) -> bool:
        key = key_of(one, self.ours.clause_of(one))
        subject = one.end if isinstance(one, s.ResponsibleFor) else one.start
        if key is None:
            goal = one.end if isinstance(one, s.Sets) else one.start
            return goal in kept.nodes or not isinstance(self.found.nodes.get(goal), Target | Measure)
        if isinstance(self.found.nodes.get(subject), Measure) and subject not in self.same:
            # Who answers for a new measure is said of it, even if they are on record for its clause.
            return subject in kept.nodes and (self.meeting.states[key] is State.SAME or self._is_wanted(key))
        return self._is_wanted(key)

    def _renamed(self, one: Relationship) -> Iterator[Relationship]:
        """The relationship between the nodes on record; of a clause on record that has measures only, for each of them."""
        if isinstance(one, s.ResponsibleFor | s.Concerns):
            end = "end" if isinstance(one, s.ResponsibleFor) else "start"
            subject = getattr(one, end)
            said = self.meeting.said.get(self.ours.home(self.ours.clause_of(one), self.meeting.pairs), _Said())
            if isinstance(self.found.nodes.get(subject), s.Task) and subject not in self.same and said.measures:
                for measure in said.measures:
                    yield _with_ids(one.model_copy(update={end: measure.id}), self.same)
                return
        yield _with_ids(one, self.same)

    def _add_what_is_named(self, kept: Facts) -> None:
        """New departments, firms ... and the tasks that something new hangs on."""
        ends = {end for one in kept.relationships.values() for end in (one.start, one.end)}
        names = {i: n.name for i, n in self.meeting.record.nodes.items() if isinstance(n, s.Task)}
        for node in self.found.nodes.values():
            if isinstance(node, Clause | Target | Measure) or self.same.get(node.id, node.id) not in ends:
                continue
            renamed = _with_ids(node, self.same)
            if renamed.id not in kept.nodes:
                kept.add(renamed.model_copy(update={"name": names.get(renamed.id, renamed.name)}))

    def _add_clauses(self, kept: Facts) -> None:
        """Clauses that are not on record, and those on record that state something new."""
        wanted = {i for i, n in self.ours.clauses.items() if i not in self.same and n.number is not None}
        there = {source for fact in (*kept.nodes.values(), *kept.relationships.values()) for source in fact.sources}
        wanted |= {i for i in self.ours.clauses if self.same.get(i, i) in there}
        for clause in sorted(wanted):
            while (above := self.ours.parent.get(clause, "")) and above not in self.same:
                wanted.add(clause := above)
        for one in self.found.relationships.values():
            if one.type() == "PART_OF" and one.start in wanted and one.start not in self.same:
                kept.add(_with_ids(one, self.same))
        for clause in sorted(wanted):
            kept.add(_with_ids(self.ours.clauses[clause], self.same))
        if len(kept):
            kept.add(_with_ids(self.found.nodes[self.meeting.own], self.same))


def meet_again(extracted: Facts, record: Record, issuers: Iterable[str], name_of: Callable[[str], str]) -> Meeting:
    """What a dataset on record still has to say once more of its document is on record from elsewhere.

    What it says beside a clause on record was decided by a person, and stays.
    """
    clauses = [n for n in extracted.nodes.values() if isinstance(n, Clause)]
    own = next(
        (n.id for n in extracted.nodes.values() if isinstance(n, s.Document) and _is_described(n, extracted)), None
    )
    at_home = {n.id for n in clauses} & set(record.of(own).nodes) if own else set()
    decided: set[Key] = {
        (n.id,) for n in extracted.nodes.values() if isinstance(n, Target | Measure) and at_home & set(n.sources)
    }
    for one in extracted.relationships.values():
        decided |= {key for c in one.sources if c in at_home and (key := key_of(one, c)) is not None}
    return meet(extracted, record, issuers, name_of, decided)


def linked_anew(facts: Facts, lexicon: Lexicon) -> Facts:
    """The facts of a dataset with the nodes that it proposed as new linked to what has come to be known by their names."""
    ids = {}
    for node in facts.nodes.values():
        if isinstance(node, s.Department | s.Firm | s.Park | s.Platform | s.Region):
            known = {i for name in names_of(node) for i in lexicon.find(name, [node.label()])}
            if len(known) == 1 and node.id not in known:
                ids[node.id] = known.pop()
    linked = renamed(facts, ids)
    linked.nodes = {i: n for i, n in linked.nodes.items() if i not in ids.values()}
    return linked


def _with_ids(fact: F, ids: Mapping[str, str]) -> F:
    """The same fact with other ids, in its sources too."""
    changes: dict[str, object] = {"sources": sorted({ids.get(i, i) for i in fact.sources})}
    ends = ("start", "end") if isinstance(fact, Relationship) else ("id",)
    return fact.model_copy(update={**changes, **{e: ids.get(getattr(fact, e), getattr(fact, e)) for e in ends}})


def renamed(facts: Facts, ids: Mapping[str, str]) -> Facts:
    """The same facts with other ids."""
    if not ids:
        return facts
    again = Facts(facts.dataset)
    for node in facts.nodes.values():
        again.nodes.setdefault(ids.get(node.id, node.id), _with_ids(node, ids))
    for one in facts.relationships.values():
        changed = _with_ids(one, ids)
        again.relationships.setdefault(changed.id, changed)
    return again
