/**
 * To be imported before onnxruntime-node, on the main thread: a worker's environment is a copy that
 * the runtime does not see. Left alone, the runtime keeps a device id and a database under the
 * user's cache folder, is built to upload what it counts, and lengthens every run by its flush.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
