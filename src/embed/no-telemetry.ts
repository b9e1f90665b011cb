/**
 * To be imported before onnxruntime-node, on the main thread: a worker's environment is a copy that
 * the runtime does not see. Left alone, the runtime keeps a device id and a database under the
 * user's cache folder, uploads what it counted, and takes half a second to say so at the end.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
