using System.Text;

namespace Vprox.Sysctl;

/// <summary>
/// Kernel settings by their files below /proc/sys (sysctl(8)), named by path, e.g. net/ipv4/ip_forward. Those of net/ are of the network namespace
/// of the calling thread; a file that another namespace does not have, or only to read, belongs to the whole machine.
/// </summary>
public static class SysctlFiles
{
    private const string Root = "/proc/sys/";

    /// <summary>The value without the line's end; columns are separated by tabs. Null when there is no such setting here.</summary>
    public static string? Read(string path)
    {
        try
        {
            // As bytes: a reader of text takes buffers of thousands for two.
            return Encoding.UTF8.GetString(File.ReadAllBytes(Root + path)).Trim();
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            // Missing, of a link that has just gone (ENODEV), or hidden from a container.
            return null;
        }
    }

    /// <summary>Sets the value.</summary>
    /// <exception cref="IOException">There is no such setting, or the kernel refused the value.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be set from here: not root, /proc/sys is read-only, or it is the machine's.</exception>
    public static void Write(string path, string value) => File.WriteAllText(Root + path, value);
}
