package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PasswordCheckTest {
  private final UserEntry gate = BrokerUsers.user("gate", UserRole.CAMERA, "right");
  private final Queue<Runnable> executor = new ArrayDeque<>();
  private final PasswordCheck check = new PasswordCheck(executor::add, new SecureRandom());
  private final List<Boolean> answers = new ArrayList<>();

  private boolean check(String password) {
    return check.check(gate, Bytes.utf8(password), answers::add);
  }

  private void work() {
    while (!executor.isEmpty()) {
      assertEquals(1, executor.size(), "one at a time");
      executor.remove().run();
    }
  }

  @Test
  void check_passwords_areCheckedByTheExecutor() {
    assertTrue(check("right"));
    assertTrue(check("wrong"));
    assertEquals(List.of(), answers);
    work();
    assertEquals(List.of(true, false), answers);
    check("wrong");
    work();
    assertEquals(List.of(true, false, false), answers);
  }

  @Test
  void check_correctPassword_isCachedUntilItsUserChanges() {
    check("right");
    work();
    check("right");
    assertEquals(List.of(true, true), answers, "both answered at once");
    check("wrong");
    assertEquals(1, executor.size());
    work();

    check.keepIf(user -> false);
    answers.clear();
    check("right");
    assertEquals(List.of(), answers);
    work();
    assertEquals(List.of(true), answers);
  }

  @Test
  void check_queueFull_isRefused() {
    for (int i = 0; i < PasswordCheck.MAX_WAITING; i++) {
      assertTrue(check("wrong"));
    }
    assertFalse(check("right"));
    work();
    assertEquals(PasswordCheck.MAX_WAITING, answers.size());
    assertTrue(check("right"));
  }
}
