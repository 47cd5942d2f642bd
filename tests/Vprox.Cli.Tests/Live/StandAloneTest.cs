using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

/// <summary>What live tests share: a network, and a folder for each of its hosts.</summary>
public abstract class StandAloneTest : IDisposable
{
    protected const string Serve = "server --ip 192.0.2.10";
    protected const string Dial = "connect 192.0.2.10 --interface vprox0";

    private readonly string _folder = Directory.CreateTempSubdirectory("vprox-cli-").FullName;
    private readonly List<VproxProcess> _processes = [];

    protected StandAloneNetwork Network { get; } = new();

    protected string FolderOf(NetworkNamespace host) => Directory.CreateDirectory(Path.Combine(_folder, host.Name)).FullName;

    protected VproxProcess Start(NetworkNamespace host, string arguments, string? password = "open sesame")
    {
        var process = VproxProcess.Start(host, FolderOf(host), arguments, password);
        _processes.Add(process);
        return process;
    }

    protected Task<(int Code, string Log)> RunAsync(NetworkNamespace host, string arguments, string? password = "open sesame") =>
        VproxProcess.RunAsync(host, FolderOf(host), arguments, password);

    protected async Task<VproxProcess> StartServerAsync(NetworkNamespace? host = null, string arguments = Serve)
    {
        var server = Start(host ?? Network.HostA, arguments);
        await server.SaysAsync("192.0.2.10 is served from server");
        return server;
    }

    protected async Task<VproxProcess> StartClientAsync(NetworkNamespace? host = null, string arguments = Dial)
    {
        var client = Start(host ?? Network.Client1, arguments);
        await client.SaysAsync("leads to 192.0.2.10");
        return client;
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
        Network.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
