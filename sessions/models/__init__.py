"""What session logs say, as rows. What is known across sessions is in `kb`."""

from sessions.models.logs import Log, LogPath
from sessions.models.records import (
    Attempt,
    Command,
    Commit,
    Decision,
    Error,
    FileChange,
    Fix,
    JudgedRecord,
    Learning,
    NextStep,
    Objective,
    Record,
)
from sessions.models.session_logs import Project, SessionLog

__all__ = [
    "Attempt",
    "Command",
    "Commit",
    "Decision",
    "Error",
    "FileChange",
    "Fix",
    "JudgedRecord",
    "Learning",
    "Log",
    "LogPath",
    "NextStep",
    "Objective",
    "Project",
    "Record",
    "SessionLog",
]
