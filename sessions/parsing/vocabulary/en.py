"""English."""

from sessions.parsing.vocabulary.language import Key, Language, Role

LANGUAGE = Language(
    code="en",
    name="English",
    roles={
        Role.SUMMARY: ("summary", "executive summary", "session summary", "session overview", "overview", "tl;dr"),
        Role.OBJECTIVES: ("objective", "objectives", "initial objective", "goal", "goals", "session goals", "mission", "scope", "focus"),
        Role.COMPLETED: ("completed", "work completed", "what was done", "what was accomplished", "accomplishments", "achievements", "what was built", "changes made", "work done", "summary of work completed"),
        Role.ERRORS: ("error", "errors", "issue", "issues", "problem", "problems", "bug", "bugs", "symptom", "symptoms", "failure", "failures", "incident", "known issues", "gotcha", "challenge", "challenges", "blocking issue"),
        Role.CAUSE: ("cause", "causes", "root cause", "root causes", "root cause analysis", "diagnosis", "why it happened", "reason"),
        Role.FIXES: ("fix", "fixes", "fixed", "solution", "solutions", "solution implemented", "resolution", "resolved", "workaround", "fixes applied", "bug fixes", "bugs fixed", "remediation"),
        Role.ATTEMPT: ("fix attempt", "attempt", "attempts", "what we tried", "what was tried", "what was attempted"),
        Role.RESULT: ("result", "results", "outcome", "status"),
        Role.SEVERITY: ("severity", "priority"),
        Role.IMPACT: ("impact", "effect"),
        Role.LOCATION: ("file", "location", "line", "lines", "where"),
        Role.COMMANDS: ("command", "commands", "commands reference", "useful commands", "quick start"),
        Role.FILES: ("files", "files modified", "files changed", "files created", "modified files", "new files", "file modified", "file changes"),
        Role.COMMITS: ("commit", "commits", "git commits", "git history", "git activity"),
        Role.NEXT_STEPS: ("next steps", "next step", "todo", "to do", "next session", "next actions", "action items", "remaining work", "remaining", "pending", "follow-up", "follow-ups", "future work", "open items", "open questions", "what's next"),
        Role.BLOCKERS: ("blocker", "blockers", "current blocker", "blocked by"),
        Role.LEARNINGS: ("learnings", "learning", "key learnings", "lessons learned", "lessons", "lesson", "insights", "key insights", "takeaways", "key takeaways"),
        Role.DECISIONS: ("decision", "decisions", "decisions made", "key decisions", "design decisions"),
        Role.RATIONALE: ("rationale", "why"),
        Role.ENVIRONMENT: ("environment", "environment info", "production environment", "infrastructure", "configuration"),
        Role.METRICS: ("metrics", "session metrics", "statistics", "stats", "success metrics", "session statistics"),
        Role.TESTING: ("testing", "tests", "test results", "verification", "validation"),
        Role.TIMELINE: ("timeline", "chronology"),
        Role.REFERENCES: ("references", "related documentation", "links", "resources"),
        Role.CHECKLIST: ("success criteria", "acceptance criteria", "definition of done", "checklist"),
    },
    no_roles=("error handling", "problem solving"),
    keys={Key.DATE: ("date",), Key.DURATION: ("duration",), Key.STATUS: ("status",)},
    nothing=("none", "n/a"),
)
