"""Several cities planned as one: what must be decided on the whole first, then city by city, then along the borders.

`plan.plan_province` is the whole way; `parts` cuts weeks out of a week, `crew` shares work among processes, `prices`
relaxes the whole, `cut` says who serves which city, `borders` finds what to mend at last. `steps` are the same way one
step at a time, each in a process of its own, for several machines.
"""
