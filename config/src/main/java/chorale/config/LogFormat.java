package chorale.config;

/** How a process writes its log. */
public enum LogFormat {
  /** A line for people. */
  TEXT,
  /** A JSON object a line. */
  JSON
}
