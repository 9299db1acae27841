"""The dispatch engine: a week of people and shifts in, a plan and its reasons out.

Files and rules are those of `/docs` format `dispatch-instance/1`. Nothing in here knows a database or a web page:
`files` reads, `solve` plans, `check` judges, `explain` says why a seat stayed empty.
"""
