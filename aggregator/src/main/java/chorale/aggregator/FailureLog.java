package chorale.aggregator;

import chorale.protocol.Failure;
import chorale.protocol.ReplyError;
import chorale.protocol.Result;
import chorale.protocol.Result.Missing;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;

/**
 * A bounded log of frames with error replies: one line for each camera and error code, at most
 * {@value #MAX_LINES}, with the detail of the first such frame. Errors caused by the site are
 * logged once for each code. Owned by the aggregator's thread.
 */
final class FailureLog {
  static final int MAX_LINES = 1000;

  private static final System.Logger LOG = System.getLogger(FailureLog.class.getName());

  /** Errors caused by a slow site, not by the camera. */
  private static final Set<String> OF_THE_SITE =
      Set.of(ReplyError.OVERLOADED.code(), ReplyError.EXPIRED.code());

  private final Set<Kind> logged = new HashSet<>();

  private record Kind(String camera, String code) {}

  void report(Result result) {
    if (result.missing().isEmpty()) {
      result.error().ifPresent(failure -> report(result.camera(), failure, "request"));
    }
    for (Missing missing : result.missing()) {
      missing
          .error()
          .ifPresent(failure -> report(result.camera(), failure, "reply of " + missing.variant()));
    }
  }

  private void report(String camera, Failure failure, String origin) {
    String who = OF_THE_SITE.contains(failure.code()) ? "" : camera;
    if (logged.size() < MAX_LINES && logged.add(new Kind(who, failure.code()))) {
      LOG.log(
          Level.WARNING,
          "camera {0}: {1} ({2}; further ones of this kind are only counted)",
          camera,
          failure,
          origin);
    }
  }
}
