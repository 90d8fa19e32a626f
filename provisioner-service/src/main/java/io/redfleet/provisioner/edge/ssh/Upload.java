package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpException;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes one file by SFTP: into {@code .NAME.redfleet} beside the target, with its mode set before its content is
 * there, then renamed over the target (posix-rename, which replaces). After a failure the target is what it was.
 */
final class Upload {
    private static final int OPEN_WITHIN_MILLIS = 10_000;
    /** SFTP error 4 says "Failure" for nearly everything, a full disk first of all. */
    private static final long LITTLE_SPACE_KIB = 1024;

    private final ScheduledThreadPoolExecutor deadlines;

    Upload(ScheduledThreadPoolExecutor deadlines) {
        this.deadlines = deadlines;
    }

    Reply put(HostAccess access, Lane.Lease lease, RemoteFile file) {
        Session session = lease.session();
        AtomicBoolean late = new AtomicBoolean();
        ChannelSftp sftp;
        try {
            sftp = (ChannelSftp) session.openChannel("sftp");
        } catch (JSchException e) {
            return new Reply.Failed(Trouble.DROPPED, access + ": " + Connection.reason(e));
        }
        // A transfer blocks inside JSch; closing its channel is the only way to end it.
        ScheduledFuture<?> deadline = deadlines.schedule(
                () -> {
                    late.set(true);
                    sftp.disconnect();
                },
                file.deadline().toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            connect(sftp, lease);
            return write(access, sftp, file);
        } catch (JSchException | SftpException e) {
            return failure(access, session, file, late.get(), Connection.reason(e));
        } finally {
            deadline.cancel(false);
            sftp.disconnect();
        }
    }

    private static void connect(ChannelSftp sftp, Lane.Lease lease) throws JSchException {
        try {
            sftp.connect(OPEN_WITHIN_MILLIS);
        } catch (JSchException e) {
            lease.refused();
            throw e;
        }
    }

    private static Reply write(HostAccess access, ChannelSftp sftp, RemoteFile file) throws SftpException {
        String beside = literal(beside(file.path()));
        try {
            sftp.put(new ByteArrayInputStream(new byte[0]), beside);
            sftp.chmod(file.mode(), beside);
            sftp.put(new ByteArrayInputStream(file.content().getBytes(StandardCharsets.UTF_8)), beside);
            sftp.rename(beside, literal(file.path()));
            return new Reply.Done(0, "", "");
        } catch (SftpException e) {
            if (!sftp.isConnected()) {
                throw e;
            }
            String where = space(sftp, file.path());
            drop(sftp, beside);
            String said = Connection.reason(e);
            return new Reply.Failed(
                    Trouble.NOT_WRITTEN, access + ": " + file.path() + " was not written: " + said + where);
        }
    }

    private static Reply failure(HostAccess access, Session session, RemoteFile file, boolean late, String said) {
        if (late) {
            String what = file.path() + " was not written within " + file.deadline();
            return new Reply.Failed(Trouble.TIMED_OUT, access + ": " + what);
        }
        String how = session.isConnected() ? said : "the connection was lost";
        return new Reply.Failed(Trouble.DROPPED, access + ": " + how + " while " + file.path() + " was written");
    }

    private static void drop(ChannelSftp sftp, String path) {
        try {
            sftp.rm(path);
        } catch (SftpException gone) {
            // It was never made, or the next upload replaces it.
            return;
        }
    }

    /** What the host says about free space, for the reason; empty when it does not say or there is plenty. */
    private static String space(ChannelSftp sftp, String path) {
        try {
            long availableKib = sftp.statVFS(literal(path.substring(0, path.lastIndexOf('/'))))
                    .getAvailForNonRoot();
            return availableKib < LITTLE_SPACE_KIB ? " (disk full: " + availableKib + " KiB left)" : "";
        } catch (SftpException unknown) {
            return "";
        }
    }

    private static String beside(String path) {
        int slash = path.lastIndexOf('/');
        return path.substring(0, slash + 1) + "." + path.substring(slash + 1) + ".redfleet";
    }

    /** JSch takes paths as patterns. */
    private static String literal(String path) {
        return path.replaceAll("([\\\\*?])", "\\\\$1");
    }
}
