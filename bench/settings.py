"""The settings of KRM with one middleware more, which tells how many queries and how much CPU a response took, and
with a page more, on which there is nothing."""

from krm.settings import *  # noqa: F403 - all of it, as it is
from krm.settings import MIDDLEWARE as KRM_MIDDLEWARE

MIDDLEWARE = ["bench.counting.costs_in_header", *KRM_MIDDLEWARE]
ROOT_URLCONF = "bench.bare"
