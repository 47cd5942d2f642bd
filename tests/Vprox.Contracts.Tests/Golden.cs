using System.Runtime.CompilerServices;

namespace Vprox.Contracts.Tests;

/// <summary>
/// The files in Golden/, beside this one. After a deliberate change, run the tests once with VPROX_WRITE_GOLDEN=1 and review the
/// difference: it may only add.
/// </summary>
internal static class Golden
{
    public static bool Writes => Environment.GetEnvironmentVariable("VPROX_WRITE_GOLDEN") == "1";

    public static string Read(string name, string current)
    {
        var file = Path.Combine(Folder(), name);
        if (Writes) File.WriteAllText(file, current);
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    public static IEnumerable<string> Names(string extension) =>
        Directory.EnumerateFiles(Folder(), "*" + extension).Select(file => Path.GetFileNameWithoutExtension(file)!);

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
