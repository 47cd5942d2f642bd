using System.Diagnostics;
using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Flows;

/// <summary>
/// One of the flows' two programs, which are this program's own, on the internet host. Unlike the lab's services it sees the machine's /run,
/// where the network namespaces of the containers are.
/// </summary>
internal sealed class FlowProgram : IDisposable
{
    private readonly Process _process;
    private readonly string _log;

    private FlowProgram(Process process, string log) => (_process, _log) = (process, log);

    public bool IsRunning => !_process.HasExited;

    /// <summary>All it said so far.</summary>
    public string Output => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <param name="host">Where it runs, and where its log is kept.</param>
    /// <param name="name">flow-client or flow-server.</param>
    /// <param name="argument">What it is told.</param>
    public static FlowProgram Start(LabHost host, string name, string argument)
    {
        var log = Path.Combine(host.Directory, $"{name}.log");
        // What the program of an earlier run said is not this one's word that it is up.
        File.Delete(log);
        // A session of its own: Ctrl-C in the terminal is for the suite. They measure, hence the priority: what they see late came late.
        var start = new ProcessStartInfo("setsid");
        foreach (var word in (string[])["nice", "-n", "-10", "sh", "-c", "exec \"$@\" </dev/null >\"$FLOW_LOG\" 2>&1", "sh"])
            start.ArgumentList.Add(word);
        foreach (var word in (string[])["dotnet", typeof(FlowProgram).Assembly.Location, name, argument])
            start.ArgumentList.Add(word);
        start.Environment["FLOW_LOG"] = log;
        // One timer, one thread: no compiler need work on in the background.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        return new FlowProgram(host.Namespace.Start(start), log);
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
