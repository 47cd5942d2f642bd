using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Vprox.Lab.Namespaces;

/// <summary>The system calls for namespaces (namespaces(7), mount(2)).</summary>
internal static unsafe partial class Interop
{
    private const int LockExclusive = 2;

    /// <summary>Gives the calling thread a new network namespace.</summary>
    public static void Unshare() => Check(unshare(CLONE_NEWNET), "unshare CLONE_NEWNET");

    /// <summary>Puts the calling thread into a network namespace.</summary>
    public static void Enter(SafeFileHandle handle) => Check(setns((int)handle.DangerousGetHandle(), CLONE_NEWNET), "setns CLONE_NEWNET");

    public static void BindMount(string source, string target)
    {
        fixed (byte* from = Encoding.UTF8.GetBytes(source + "\0"), to = Encoding.UTF8.GetBytes(target + "\0"))
            Check(mount(from, to, null, MS_BIND, null), $"mount --bind {source} {target}");
    }

    /// <summary>
    /// Makes a folder a shared mount of its own, as `ip netns add` does before it makes its first namespace (iproute2, netns_add): otherwise
    /// its own mount would later hide what was mounted in the folder before. Processes take turns by a lock on the folder, as iproute2's do.
    /// </summary>
    public static void MakeSharedMount(string folder)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + "\0"), none = "none\0"u8)
        {
            var descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            Check(descriptor, $"open {folder}");
            try
            {
                Check(FileLock(descriptor, LockExclusive), $"flock {folder}");
                if (mount(none, path, none, MS_SHARED | MS_REC, null) == 0)
                    return;
                Check(mount(path, path, none, MS_BIND | MS_REC, null), $"mount --rbind {folder} {folder}");
                Check(mount(none, path, none, MS_SHARED | MS_REC, null), $"mount --make-rshared {folder}");
            }
            finally
            {
                _ = close(descriptor);
            }
        }
    }

    public static void Unmount(string target)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(target + "\0"))
            Check(umount2(path, MNT_DETACH), $"umount {target}");
    }

    /// <summary>Device and inode of a namespace's file, which name the namespace; null when it is gone.</summary>
    public static (ulong Device, ulong Inode)? Identity(string path)
    {
        stat status;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
            return stat(name, &status) == 0 ? (status.st_dev, status.st_ino) : null;
    }

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int FileLock(int descriptor, int operation);

    private static void Check(int result, string operation)
    {
        if (result < 0)
            throw new IOException($"{operation}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})");
    }
}
