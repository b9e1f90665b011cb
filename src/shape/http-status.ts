/**
 * What an HTTP status of an error means, in words (RFC 9110, section 15; RFC 6585 for 429): a model
 * of language does not know that 502 is a failure. Other statuses say nothing out of the ordinary.
 */
const reasons: Readonly<Record<number, string>> = {
  400: 'bad request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  408: 'request timeout',
  409: 'conflict',
  413: 'content too large',
  429: 'too many requests',
  500: 'internal server error',
  502: 'bad gateway server error',
  503: 'service unavailable server error',
  504: 'gateway timeout server error',
};

/** @returns words to add to a line with this status, none for most */
export function httpReason(status: number): readonly string[] {
  return reasons[status]?.split(' ') ?? (status >= 500 && status < 600 ? ['server', 'error'] : []);
}
