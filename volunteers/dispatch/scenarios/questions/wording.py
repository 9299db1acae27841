"""What is being done for an answer."""

from collections.abc import Mapping

from app.core.text import N_
from volunteers.dispatch.scenarios.service import Step

STEP_NAMES: Mapping[Step, str] = {
    Step.READ: N_("正在读这一周：谁有空，哪里要人。"),
    Step.BEFORE: N_("正在照现在的样子排一遍。"),
    Step.AFTER: N_("正在照改了以后的样子排一遍。"),
}
