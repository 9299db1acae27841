"""Incubation (孵化): stages with milestones, a mentor's log, graduation, and the plan's count computed from them."""
