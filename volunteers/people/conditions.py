"""What lists and call-outs ask about many people at once, as conditions of their statements.

Written out rather than called: PostgreSQL does not inline a function that looks into tables, and a list asks this of
thousands of rows.
"""


def is_away(person: str, first: str, last: str) -> str:
    """Return: the person said that they are away at some moment between two instants."""
    return f"""EXISTS (SELECT FROM availability_exception said WHERE said.person_id = {person} AND said.kind = 'away'
        AND said.starts < {last} AND said.ends > {first})"""


def is_free(person: str, first: str, last: str) -> str:
    """Return: nothing keeps the person away, and one stretch holds it all (rule 1 of the dispatch format).

    The week's windows are laid out twice, in minutes since Monday, so that they join at midnight, on Sunday too.
    """
    wall = f"({first} AT TIME ZONE 'Asia/Shanghai')"
    minute = (
        f"((extract(isodow FROM {wall})::integer - 1) * 1440 + floor(extract(epoch FROM {wall}::time) / 60)::integer)"
    )
    length = f"ceil(extract(epoch FROM {last} - {first}) / 60)::integer"
    return f"""(NOT {is_away(person, first, last)} AND (
        coalesce((SELECT range_agg(int4range(weekly.weekday * 1440 + weekly.from_minute + again,
                                             weekly.weekday * 1440 + weekly.to_minute + again))
                  FROM availability weekly CROSS JOIN (VALUES (0), (10080)) AS week(again)
                  WHERE weekly.person_id = {person}) @> int4range({minute}, {minute} + {length}), false)
        OR EXISTS (SELECT FROM availability_exception said WHERE said.person_id = {person} AND said.kind = 'free'
            AND said.starts <= {first} AND said.ends >= {last})))"""


def goes_to(person: str, at: str) -> str:
    """Return: a row ``at`` with place and point is near enough to home, or lies at a place the person serves."""
    return f"""(abs({at}.east_m - {person}.home_east_m) + abs({at}.north_m - {person}.home_north_m)
            <= {person}.max_travel_m
        OR EXISTS (SELECT FROM served_place named JOIN place served ON served.id = named.place_id
            JOIN place goal ON goal.id = {at}.place_id AND goal.code LIKE served.code || '%'
            WHERE named.person_id = {person}.id))"""


def is_trained(person: str, wanted: str, first: str, last: str) -> str:
    """Return: the person completed all trainings of an array; the function is asked only where there are any."""
    return f"({wanted} = '{{}}' OR is_trained({person}, {wanted}, {first}, {last}))"
