using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Vprox.Lab.Namespaces;

/// <summary>The system calls for namespaces (namespaces(7), mount(2)).</summary>
internal static unsafe class Interop
{
    /// <summary>Gives the calling thread a new network namespace.</summary>
    public static void Unshare() => Check(unshare(CLONE_NEWNET), "unshare CLONE_NEWNET");

    /// <summary>Puts the calling thread into a network namespace.</summary>
    public static void Enter(SafeFileHandle handle) => Check(setns((int)handle.DangerousGetHandle(), CLONE_NEWNET), "setns CLONE_NEWNET");

    /// <summary>Shows a file or folder in a second place, with all that is mounted in it.</summary>
    public static void BindMount(string source, string target)
    {
        fixed (byte* from = Encoding.UTF8.GetBytes(source + "\0"), to = Encoding.UTF8.GetBytes(target + "\0"))
            Check(mount(from, to, null, MS_BIND | MS_REC, null), $"mount --bind {source} {target}");
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

    private static void Check(int result, string operation)
    {
        if (result != 0)
            throw new IOException($"{operation}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})");
    }
}
