"""Questions that take longer than somebody waits: asked, worked out by a job, followed on a page that renews itself."""
