namespace Vprox.WorkerAgent.Tests;

public sealed class WorkerAgentOptionsTests
{
    [Fact]
    public void The_defaults_are_good() => Assert.Empty(new WorkerAgentOptions { WorkerId = "w1" }.Errors());

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var options = new WorkerAgentOptions
        {
            WorkerId = "a b",
            StateDirectory = "run",
            NodeHttpsPort = 0,
            FailClosedInterfaces = ["br0", "br*", null!],
            FailClosedSubnets = ["10.88.0.0/16", "10.88.0.1/16"],
            ProbeInterval = TimeSpan.Zero,
        };
        Assert.Equal(
            ["WorkerId", "StateDirectory", "NodeHttpsPort", "FailClosedInterfaces", "FailClosedInterfaces", "FailClosedSubnets", "ProbeInterval"],
            options.Errors().Select(error => error.Split(':')[0]));
    }
}
