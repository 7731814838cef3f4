package chorale.aggregator;

import chorale.protocol.IgnoredReason;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Status;

/** The counters of an aggregator since its start. */
enum Counter {
  /** All messages on reply topics: the sum of the next 14 counters and the waiting replies. */
  RECEIVED,
  MALFORMED,
  /** Topic and content disagree, or the worker is refused or announced another network. */
  FOREIGN,
  /** Not signed, on a site with reply keys. */
  UNSIGNED,
  /** Not signed with its worker's key, or modified after signing. */
  FORGED,
  /** Signed by its worker in another session than the announced one. */
  REPLAYED,
  /** Replies to checks. */
  CHECKED,
  /** From a quarantined worker. */
  EXCLUDED,
  /** From a worker of a tier that was not asked about the frame. */
  UNASKED,
  /** After the deadline or for a closed window. */
  LATE,
  /** From a worker that has already replied to this request. */
  DUPLICATE,
  /** From a replica of a variant that has already voted. */
  REDUNDANT,
  /** Error replies. */
  FAILED,
  ACCEPTED,
  /** The frame, or the worker's info, did not arrive in time. */
  UNKNOWN,

  /** All messages on image topics: the sum of the next 11 counters. */
  FRAMES,
  FRAMES_OPENED,
  FRAMES_JOINED,
  FRAMES_REPEATED,
  FRAMES_BAD,
  /** Rejected for lack of space. */
  FRAMES_OVERLOADED,
  FRAMES_RETAINED,
  FRAMES_EMPTY,
  FRAMES_INVALID_NAME,
  FRAMES_OTHER,
  /** Another aggregator's result arrived before the frame. */
  FRAMES_PUBLISHED,
  /** Checks of the boards, which get no result. */
  FRAMES_CHECK,

  /**
   * Why windows closed: this counter and the next seven. Their sum plus the open windows is {@link
   * #FRAMES_OPENED}.
   */
  DECIDED_ALL,
  DECIDED_BOUND,
  DECIDED_QUORUM,
  DECIDED_DEADLINE,
  DECIDED_OVERLOAD,

  /** Another aggregator published the result. */
  DECIDED_ELSEWHERE,
  /** Dropped unpublished: the oldest window, because too many waited for publication. */
  DECIDED_TOO_LATE,
  /** Left to the others, because this aggregator paused or was disconnected; or it was a check. */
  DECIDED_WITHOUT,
  /** Published in place of another aggregator; also counted above. */
  TAKEN_OVER,
  /** Rejoined the group because another aggregator published for its cameras. */
  STEPPED_DOWN,
  /** A newer result republished over an older one. */
  RESULTS_REPLACED,
  RESULTS_MALFORMED,
  /**
   * Frames and replies dropped because others took over, after a pause of the process or a loss of
   * the connection.
   */
  PAUSE_DROPPED,

  /** Further replies of the same model to one request, each compared with the first. */
  REPLICAS_AGREED,
  REPLICAS_DISAGREED,

  /** Windows for which a further tier was asked. */
  ESCALATED,

  /** Checks sent, and their outcomes for each board. */
  CHECKS_SENT,
  CHECKS_RIGHT,
  CHECKS_WRONG,

  /** Results by status, including those of bad requests. */
  ANSWERED,
  PARTIAL,
  UNSURE,
  NO_ANSWER,

  /** Messages on topics that closely resemble image topics. */
  TOPICS_NEARLY_RIGHT,
  REPLIES_INVALID_NAME,
  RESPONSE_TOPICS_REFUSED,
  RESPONSE_TOPICS_DROPPED,
  STATUS_MALFORMED,
  ROSTER_FULL;

  /** Returns the counter of an ignored message on an image topic. */
  static Counter of(IgnoredReason reason) {
    return switch (reason) {
      case RETAINED -> FRAMES_RETAINED;
      case EMPTY -> FRAMES_EMPTY;
      case INVALID_NAME -> FRAMES_INVALID_NAME;
      case NOT_AN_IMAGE_TOPIC, MALFORMED, FORGED, FOREIGN, NOT_OURS, NOT_ASKED -> FRAMES_OTHER;
    };
  }

  static Counter of(DecidedBy by) {
    return switch (by) {
      case ALL -> DECIDED_ALL;
      case BOUND -> DECIDED_BOUND;
      case QUORUM -> DECIDED_QUORUM;
      case OVERLOAD -> DECIDED_OVERLOAD;
      case DEADLINE, REQUEST -> DECIDED_DEADLINE;
    };
  }

  static Counter of(Status status) {
    return switch (status) {
      case ANSWERED -> ANSWERED;
      case PARTIAL -> PARTIAL;
      case UNSURE -> UNSURE;
      case NO_ANSWER -> NO_ANSWER;
    };
  }
}
