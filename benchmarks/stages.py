"""One ``kapteam match --json`` with a clock between its stages: ``python stages.py ROSTER`` prints seconds as JSON.

It makes the same calls as the command does. What is missing to the whole process is the interpreter's start and end.
"""

from time import perf_counter

_BEGIN = perf_counter()


def main() -> None:
    """Import, read, judge, solve and write, each timed; so everything else is imported here."""
    import json
    import sys
    from datetime import date

    import kapteam.cli.main
    import kapteam.cli.match  # noqa: F401
    from kapteam.cli.load import read_roster
    from kapteam.matching.match import match
    from kapteam.network.links import judged_links

    clock = {"imports": perf_counter()}
    roster = read_roster(sys.argv[1])
    clock["reading"] = perf_counter()
    links = judged_links(roster, date(2026, 12, 7))
    assert len(links.verdicts) == len(links.points)
    clock["judging"] = perf_counter()
    plan = match(links)
    clock["solving"] = perf_counter()
    json.dumps(plan.as_dict(), ensure_ascii=False, indent=1)
    clock["reasons and JSON"] = perf_counter()
    begins = [_BEGIN, *clock.values()]
    print(json.dumps({stage: end - begin for (stage, end), begin in zip(clock.items(), begins, strict=False)}))


if __name__ == "__main__":
    main()
