"""What Windows lacks of the modules of Python: whole ones, and names in others."""

from __future__ import annotations

HIDDEN_MODULES = frozenset({
    "fcntl", "grp", "posix", "pty", "pulsectl", "pwd", "resource", "syslog", "termios", "tty",
})  # fmt: skip
HIDDEN_NAMES = {
    "os": (
        "fork", "forkpty", "nice", "getuid", "geteuid", "getgid", "getegid", "getpriority",
        "setpriority", "PRIO_PROCESS", "pread", "preadv", "pwrite", "readv", "writev", "fdatasync",
        "sync", "statvfs", "fstatvfs", "sysconf", "sched_getaffinity", "uname", "major", "minor",
        "mkfifo", "mknod", "chown", "fchown", "fchmod", "lchown", "killpg", "getpgid", "setsid",
        "wait", "wait3", "wait4", "WNOHANG", "O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY", "O_CLOEXEC",
        "O_SYNC", "O_DSYNC", "set_blocking", "sendfile", "posix_fallocate", "posix_fadvise",
        "register_at_fork", "openpty", "ttyname", "getloadavg", "environb", "memfd_create",
        "pipe2", "chroot", "lockf", "getgroups", "initgroups", "ctermid", "confstr",
    ),
    "signal": (
        "SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGPIPE", "SIGALRM", "SIGQUIT",
        "SIGTSTP", "SIGCONT", "SIGSTOP", "pause", "alarm", "setitimer", "sigwait",
        "pthread_sigmask", "pthread_kill", "siginterrupt",
    ),
    "time": ("clock_gettime", "clock_settime", "CLOCK_BOOTTIME", "CLOCK_MONOTONIC", "tzset"),
    "select": ("poll", "epoll", "kqueue", "select"),
    "socket": ("AF_UNIX", "socketpair"),
    "mmap": ("PROT_READ", "PROT_WRITE", "MAP_SHARED", "MAP_PRIVATE"),
}  # fmt: skip
