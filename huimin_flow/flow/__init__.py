"""The acts and questions of the engine; ``Flow`` is the public class."""

from huimin_flow.flow.facade import Flow as Flow
from huimin_flow.flow.facade import Questions as Questions
from huimin_flow.flow.facade import Snapshot as Snapshot
