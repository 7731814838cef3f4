package chorale.aggregator;

import chorale.protocol.IgnoredReason;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Status;

/** What an aggregator counts, from its start. */
enum Counter {
  /** Every message on a reply topic; the sum of the next thirteen and of those still waiting. */
  RECEIVED,
  MALFORMED,
  /** Topic and content disagree, or its worker is refused or announced another network. */
  FOREIGN,
  /** Without a signature, on a site with reply keys. */
  UNSIGNED,
  /** Signed with another key than its worker's, or changed on the way. */
  FORGED,
  /** Signed by its worker in another session than the one that it announces. */
  REPLAYED,
  /** To a frame that checks the boards. */
  CHECKED,
  /** From a worker that is quarantined. */
  EXCLUDED,
  /** From a worker of a tier that is not asked about this frame. */
  UNASKED,
  /** After the deadline, or for a window that is closed. */
  LATE,
  /** From a worker that has replied in this window before. */
  DUPLICATE,
  /** From a replica of a variant that has voted. */
  REDUNDANT,
  /** An error reply. */
  FAILED,
  ACCEPTED,
  /** No frame, or no info of its worker, came for it in time. */
  UNKNOWN,

  /** Every message on an image topic; the sum of the next eleven. */
  FRAMES,
  FRAMES_OPENED,
  FRAMES_JOINED,
  FRAMES_REPEATED,
  FRAMES_BAD,
  /** No room was left for them. */
  FRAMES_OVERLOADED,
  FRAMES_RETAINED,
  FRAMES_EMPTY,
  FRAMES_INVALID_NAME,
  FRAMES_OTHER,
  /** Another aggregator's result came before the frame. */
  FRAMES_PUBLISHED,
  /** It checks the boards, and gets no result. */
  FRAMES_CHECK,

  /** Why windows closed; together with the open ones they are the opened frames. */
  DECIDED_ALL,
  DECIDED_BOUND,
  DECIDED_QUORUM,
  DECIDED_DEADLINE,
  DECIDED_OVERLOAD,

  /** By another aggregator, which published the result. */
  DECIDED_ELSEWHERE,
  /** Not published here, because the time of another aggregator had come. */
  DECIDED_TOO_LATE,
  /** Left to the others, because this aggregator was stopped or cut off; or it was a check. */
  DECIDED_WITHOUT,
  /** Published for another aggregator, one of the above. */
  TAKEN_OVER,
  /** Joined anew, because another aggregator published for its cameras. */
  STEPPED_DOWN,
  /** A newer result published again over an older one. */
  RESULTS_REPLACED,
  RESULTS_MALFORMED,
  /** Frames and replies dropped unread after a pause. */
  PAUSE_DROPPED,

  /** Second replies of the same model to one request, compared with the first. */
  REPLICAS_AGREED,
  REPLICAS_DISAGREED,

  /** Windows that a further tier was asked about. */
  ESCALATED,

  /** Frames that were sent again, and what was found of each board. */
  CHECKS_SENT,
  CHECKS_RIGHT,
  CHECKS_WRONG,

  /** How results turned out, those of bad requests included. */
  ANSWERED,
  PARTIAL,
  UNSURE,
  NO_ANSWER,

  /** Messages on topics that are nearly those for images. */
  TOPICS_NEARLY_RIGHT,
  REPLIES_INVALID_NAME,
  RESPONSE_TOPICS_REFUSED,
  RESPONSE_TOPICS_DROPPED,
  STATUS_MALFORMED,
  ROSTER_FULL;

  /** Of a message on an image topic that is no request. */
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
