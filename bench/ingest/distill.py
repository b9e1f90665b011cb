"""Distils a static model, as people pick one for speed: usage: distill.py PUBLISHED OUT

PUBLISHED is the folder of a sentence-transformers model; the package's own settings, nothing from a hub.
"""

import sys

from model2vec.distill import distill_from_model
from transformers import AutoModel, AutoTokenizer

published, out = sys.argv[1:]
model = AutoModel.from_pretrained(published)
tokenizer = AutoTokenizer.from_pretrained(published)
distill_from_model(model, tokenizer, device='cpu').save_pretrained(out)
