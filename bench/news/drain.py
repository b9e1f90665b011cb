"""Lines a second of drain3 with its defaults, of one core: lines from a file, read before the clock starts."""

import json
import logging
import sys
import time

from drain3 import TemplateMiner
from drain3.template_miner_config import TemplateMinerConfig

logging.disable(logging.CRITICAL)
lines = open(sys.argv[1], encoding="utf-8", errors="replace").read().splitlines()
miner = TemplateMiner(config=TemplateMinerConfig())
start = time.process_time()
for line in lines:
    miner.add_log_message(line)
seconds = time.process_time() - start
print(json.dumps({"lines": len(lines), "seconds": seconds, "clusters": len(miner.drain.clusters)}))
