package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import io.redfleet.contracts.cluster.JumpHost;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.HostFeed;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.LearntKey;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hosts over SSH. Safe for concurrent use; a slow host holds up only who asks it. */
public final class SshHosts implements Hosts, HostFeed, HostLeases, AutoCloseable {
    private static final long LOOK_EVERY_MILLIS = 100;

    private final Credentials credentials;
    private final KnownHosts known;
    /** One entry per access ever used; as many as specs have hosts. */
    private final ConcurrentMap<HostAccess, Connection> connections = new ConcurrentHashMap<>();
    /** One per jump host, and key that is shown to it; all hosts behind it share that. */
    private final ConcurrentMap<HostAccess, Connection> jumps = new ConcurrentHashMap<>();

    private final ScheduledThreadPoolExecutor watch;
    private final Upload upload;

    public SshHosts(Credentials credentials, KnownHosts known) {
        this.credentials = credentials;
        this.known = known;
        this.watch = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "ssh-watch");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true);
        this.upload = new Upload(watch);
    }

    @Override
    public Reply run(HostAccess access, Script script) {
        return over(connection(access), lease -> Execution.run(access, lease, script));
    }

    @Override
    public List<Reply> runAll(HostAccess access, List<Script> scripts) {
        if (scripts.size() < 2) {
            return Hosts.super.runAll(access, scripts);
        }
        Composite all = Composite.of(scripts);
        Execution.Heard heard = new Execution.Heard();
        Reply whole = over(connection(access), lease -> Execution.run(access, lease, all, heard));
        return all.replies(access, whole, heard.out().text(), heard.err().text());
    }

    @Override
    public Reply put(HostAccess access, RemoteFile file) {
        return over(connection(access), lease -> upload.put(access, lease, file));
    }

    @Override
    public Reply anew(HostAccess access, Script script) {
        Connection alone = new Connection(access, credentials, known, way(access));
        try {
            return over(alone, lease -> Execution.run(access, lease, script));
        } finally {
            alone.close();
        }
    }

    /** As {@link #run}, of a script that is talked to: it hears what comes, as it takes it. */
    Reply talk(HostAccess access, Script script, InputStream said) {
        return over(connection(access), lease -> Execution.talk(access, lease, script, said));
    }

    /** As {@link #run}, of a script whose standard output goes elsewhere than into the reply. */
    Reply fetch(HostAccess access, Script script, OutputStream sink) {
        return over(connection(access), lease -> Execution.fetch(access, lease, script, sink));
    }

    @Override
    public String fingerprint(HostAccess access) {
        String key = connection(access).expectedKey();
        return key.isEmpty() ? "" : PinnedKey.fingerprint(key);
    }

    @Override
    public List<LearntKey> learnt(HostAccess access) {
        JumpHost jump = access.via();
        Optional<LearntKey> own =
                access.hostKey().isEmpty() ? known.learnt(access.address(), access.port()) : Optional.empty();
        Optional<LearntKey> before = jump == null ? Optional.empty() : known.learnt(jump.address(), jump.port());
        return Stream.concat(before.stream(), own.stream()).toList();
    }

    @Override
    public Subscription follow(HostAccess access, Script script, Listener listener) {
        Feed feed = new Feed(access, listener);
        try {
            feed.open(connection(access).feed(), script);
        } catch (Connection.Refused e) {
            feed.end(e.asReply());
        }
        return feed;
    }

    @Override
    public HostLease ask(HostAccess access, Request request) {
        SshLease lease = new SshLease(access, request);
        lease.begin(connection(access));
        return lease;
    }

    @Override
    public void close() {
        watch.shutdownNow();
        connections.values().forEach(Connection::close);
        jumps.values().forEach(Connection::close);
    }

    /** Where there is no way to the host, that is the reply. */
    private static Reply over(Connection connection, Function<Lane.Lease, Reply> work) {
        try (Lane.Lease lease = connection.work()) {
            return connection.explained(work.apply(lease));
        } catch (Connection.Refused e) {
            return e.asReply();
        }
    }

    private Connection connection(HostAccess access) {
        return connections.computeIfAbsent(access, a -> new Connection(a, credentials, known, way(a)));
    }

    private Way way(HostAccess access) {
        JumpHost jump = access.via();
        if (jump == null) {
            return new Way.Direct();
        }
        HostAccess there =
                new HostAccess("jump host", jump.address(), jump.port(), jump.user(), access.credential(), "");
        Connection connection =
                jumps.computeIfAbsent(there, a -> new Connection(a, credentials, known, new Way.ToJump(jump)));
        return new Way.Through(jump, connection);
    }

    private final class Feed implements Subscription {
        private final HostAccess access;
        private final Listener listener;
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicReference<@Nullable ScheduledFuture<?>> look = new AtomicReference<>();

        Feed(HostAccess access, Listener listener) {
            this.access = access;
            this.listener = listener;
        }

        void open(Lane.Lease lease, Script script) {
            try {
                opened(lease, Execution.open(lease, script, new Lines(listener::line), new Bounded(4096)));
            } catch (JSchException e) {
                lease.close();
                end(new Reply.Failed(Trouble.DROPPED, access + ": " + Connection.reason(e)));
            }
        }

        private void opened(Lane.Lease lease, ChannelExec channel) {
            look.set(watch.scheduleWithFixedDelay(
                    () -> {
                        if (over.get()) {
                            channel.disconnect();
                            lease.close();
                            stopLooking();
                        } else if (channel.isClosed()) {
                            lease.close();
                            end(new Reply.Failed(Trouble.DROPPED, access + ": the feed of facts ended"));
                            stopLooking();
                        }
                    },
                    LOOK_EVERY_MILLIS,
                    LOOK_EVERY_MILLIS,
                    TimeUnit.MILLISECONDS));
        }

        void end(Reply.Failed why) {
            if (over.compareAndSet(false, true)) {
                listener.ended(why);
            }
        }

        @Override
        public void cancel() {
            end(new Reply.Failed(Trouble.DROPPED, access + ": cancelled"));
        }

        private void stopLooking() {
            ScheduledFuture<?> looking = look.get();
            if (looking != null) {
                looking.cancel(false);
            }
        }
    }
}
