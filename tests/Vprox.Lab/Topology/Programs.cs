namespace Vprox.Lab.Topology;

/// <summary>Where the built services are: beside the lab in the repository, of the same configuration.</summary>
public static class Programs
{
    private static readonly string Repository = FindRepository();

    // bin/CONFIGURATION/net10.0/
    private static readonly string Configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    /// <summary>The command that starts a service, e.g. NodeAgent.</summary>
    public static IReadOnlyList<string> Service(string name)
    {
        var project = Path.Combine("services", name);
        // There only when the last build was asked to publish.
        var published = Directory.Exists(Path.Combine(Built(project), "publish"));
        return Dotnet(project, Path.Combine(published ? "publish" : "", $"Vprox.{name}.dll"));
    }

    /// <summary>The command that starts this program.</summary>
    public static IReadOnlyList<string> Lab(params string[] arguments) => [.. Dotnet(Path.Combine("tests", "Vprox.Lab"), "Vprox.Lab.dll"), .. arguments];

    private static IReadOnlyList<string> Dotnet(string project, string assembly)
    {
        var path = Path.Combine(Built(project), assembly);
        return File.Exists(path) ? ["dotnet", path] : throw new FileNotFoundException($"{path} is not built: dotnet build -c {Configuration}", path);
    }

    private static string Built(string project) => Path.Combine(Repository, project, "bin", Configuration, "net10.0");

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vprox.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Vprox.sln");
    }
}
