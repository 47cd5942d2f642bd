using System.Runtime.InteropServices;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Gateway;
using Vprox.Lab.Topology.Internet;

namespace Vprox.Lab;

/// <summary>The lab's program: the parts that run as processes of their own, and what a person types.</summary>
public static class CommandLine
{
    private const string Usage = """
        usage: Vprox.Lab demo [--keep]     shows the whole path; --keep leaves it up
               Vprox.Lab clean             removes labs that were kept or whose process was killed
               Vprox.Lab cloud FILE        (the lab's own) EC2, SQS, IMDS and the VPC's data path
               Vprox.Lab internet          (the lab's own) servers for containers to talk to
               Vprox.Lab broker FOLDER     (the lab's own) RabbitMQ of a lab that is kept
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        using var end = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        try
        {
            switch (args)
            {
                case ["demo"]:
                    return await Demo.DemoProgram.RunAsync(keep: false, end.Token);
                case ["demo", "--keep"]:
                    return await Demo.DemoProgram.RunAsync(keep: true, end.Token);
                case ["clean"]:
                    foreach (var name in LabSweep.RemoveAll())
                        await Console.Out.WriteLineAsync($"removed {name}");
                    return 0;
                case ["cloud", var file]:
                    return await CloudProgram.RunAsync(file, end.Token);
                case ["internet"]:
                    return await InternetProgram.RunAsync(end.Token);
                case ["broker", var folder]:
                    return await BrokerProgram.RunAsync(folder, end.Token);
                default:
                    await Console.Error.WriteLineAsync(Usage);
                    return 64;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return 130;
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.Cancel();
        }
    }
}
