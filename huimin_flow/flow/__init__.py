"""What the engine does, act by act and question by question; ``Flow`` is its door."""

from huimin_flow.flow.facade import Flow as Flow
from huimin_flow.flow.facade import Questions as Questions
from huimin_flow.flow.facade import Snapshot as Snapshot
