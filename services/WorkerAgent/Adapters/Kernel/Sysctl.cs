namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>Network sysctls by their files; those of the process's own network namespace (namespaces(7)).</summary>
internal static class Sysctl
{
    private const string Folder = "/proc/sys/net/";

    /// <summary>Null when there is no such setting, for instance because the interface has just gone.</summary>
    public static string? Read(string name)
    {
        try
        {
            return File.ReadAllText(Folder + name).Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static void Write(string name, string value)
    {
        // Where /proc/sys is read-only, as in many containers, a right value is enough.
        if (Read(name) != value)
            File.WriteAllText(Folder + name, value);
    }
}
