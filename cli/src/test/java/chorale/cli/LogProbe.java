package chorale.cli;

import java.lang.System.Logger.Level;

/** A main class that loads settings like every command, and logs. */
public final class LogProbe {
  private LogProbe() {}

  public static void main(String[] arguments) throws Exception {
    new CommonOptions().load();
    System.Logger log = System.getLogger("chorale.cli.LogProbe");
    log.log(Level.WARNING, "frame of ''{0}'' is \"left\" out", "gate\n2");
    log.log(Level.ERROR, "a bug", new IllegalStateException("why"));
  }
}
