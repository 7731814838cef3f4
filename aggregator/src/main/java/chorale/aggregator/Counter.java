package chorale.aggregator;

import chorale.protocol.Labels;

/** What an aggregator counts, from its start. */
enum Counter {
  /** Every message on a reply topic; the sum of the next eight and of those still waiting. */
  RECEIVED,
  MALFORMED,
  /** Topic and content disagree, another strategy, or a class list that is not the window's. */
  FOREIGN,
  /** After the deadline, or for a window that is closed. */
  LATE,
  /** From a worker that has replied in this window before. */
  DUPLICATE,
  /** From a replica of a variant that has voted. */
  REDUNDANT,
  /** An error reply. */
  FAILED,
  ACCEPTED,
  /** No frame came for it in time. */
  UNKNOWN,

  /** Every message on an image topic; the sum of the next eight. */
  FRAMES,
  FRAMES_OPENED,
  FRAMES_JOINED,
  FRAMES_REPEATED,
  FRAMES_BAD,
  FRAMES_RETAINED,
  FRAMES_EMPTY,
  FRAMES_INVALID_NAME,
  FRAMES_OTHER,

  /** Why windows closed; together with the open ones they are the opened frames. */
  DECIDED_ALL,
  DECIDED_BOUND,
  DECIDED_QUORUM,
  DECIDED_DEADLINE,
  DECIDED_OVERLOAD,

  /** How results turned out, those of bad requests included. */
  ANSWERED,
  PARTIAL,
  NO_ANSWER,

  REPLIES_INVALID_NAME,
  RESPONSE_TOPICS_REFUSED,
  RESPONSE_TOPICS_DROPPED,
  STATUS_MALFORMED,
  ROSTER_FULL;

  String label() {
    return Labels.of(this);
  }
}
