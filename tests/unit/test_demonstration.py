"""The made-up employer: as many staff as it says, a few of whom leave, and who stays keeps their background."""

from collections import Counter

from questionnaire import demonstration, registry
from questionnaire.demonstration import GRADES, STAFF, staff
from tests.conftest import STANDARD


def test_every_wave_has_the_declared_people_in_every_group():
    declared = {
        (breakdown["id"], group["id"]): group["headcount"]
        for breakdown in demonstration.breakdowns()["breakdown"]
        for group in breakdown["group"]
    }
    for wave in (1, 2):
        people = demonstration.as_people(staff(wave))
        found = zip(people.breakdowns, people.in_groups(), strict=True)
        assert {(code, group): n for code, counter in found for group, n in counter.items()} == declared
    assert {sum(n for (code, _group), n in declared.items() if code == each) for each in ("grade", "department")} == {
        STAFF
    }


def test_a_few_per_cent_leave_between_the_waves_and_others_have_their_places():
    first, second = ({person.reference for person in staff(wave)} for wave in (1, 2))
    assert (len(first), len(second)) == (STAFF, STAFF)
    assert 0.03 < len(first - second) / STAFF < 0.05


def test_who_stays_keeps_groups_and_answers():
    first, second = ({person.reference: person for person in staff(wave)} for wave in (1, 2))
    stayed = sorted(first.keys() & second.keys())
    assert all(first[each] == second[each] for each in stayed)
    standard = registry.get_key(STANDARD)
    some = stayed[:50]
    assert [first[each].interview(standard, "online") for each in some] == [
        second[each].interview(standard, "online") for each in some
    ]


def test_two_in_three_take_part_in_each_wave():
    for wave in (1, 2):
        assert 0.63 < sum(person.answers(wave) for person in staff(wave)) / STAFF < 0.71


def test_backgrounds_differ_by_grade():
    standard = registry.get_key(STANDARD)
    degrees: Counter[str] = Counter()
    everyone: Counter[str] = Counter()
    ends = {GRADES[0][0], GRADES[-1][0]}
    for person in staff(1):
        if person.groups[0] in ends:
            everyone[person.groups[0]] += 1
            degrees[person.groups[0]] += person.interview(standard, "online")["parental_qualification"] == "degree"
    bottom, top = (degrees[grade[0]] / everyone[grade[0]] for grade in (GRADES[0], GRADES[-1]))
    assert top - bottom > 0.2
