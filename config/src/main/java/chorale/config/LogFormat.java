package chorale.config;

/** The format of a process's log. */
public enum LogFormat {
  /** Plain text, one line for each entry. */
  TEXT,
  /** One JSON object on each line. */
  JSON
}
