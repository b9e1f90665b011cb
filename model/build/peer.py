"""The comparison model: MiniLM as others run it, int8 by ONNX Runtime's own quantize_dynamic."""

import shutil
from pathlib import Path

from onnxruntime.quantization import QuantType, quantize_dynamic

import reference


def write(published: Path, out: Path) -> None:
    """Writes model.onnx (last_hidden_state), model.float.onnx and their company into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    exported = out / 'model.float.onnx'
    reference.export_onnx(reference.load_model(published), exported, token_type_ids=True)
    quantize_dynamic(exported, out / 'model.onnx', weight_type=QuantType.QInt8)
    for name in ('tokenizer.json', 'config.json', '1_Pooling/config.json'):
        (out / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(published / name, out / name)
    print(f'{out}: {sum(path.stat().st_size for path in out.rglob("*.onnx")):,} bytes of models')
