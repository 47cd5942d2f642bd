namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>Settings below /proc/sys (sysctl(8)). Those of net/ belong to the network namespace of the calling thread.</summary>
internal static class SysctlFiles
{
    private const string Root = "/proc/sys/";

    /// <summary>The value, or null when there is no such setting, for instance because its link does not exist yet.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(Root + path).Trim();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Sets the value.</summary>
    /// <exception cref="IOException">There is no such setting, or the kernel refused the value.</exception>
    public static void Write(string path, string value) => File.WriteAllText(Root + path, value);
}
