/** @returns bytes of memory that this process occupies; where there is no /proc, at its most */
export function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
