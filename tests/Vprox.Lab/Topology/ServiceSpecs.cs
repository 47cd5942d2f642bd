using System.Net;
using System.Security.Cryptography;
using System.Text;
using Vprox.Lab.Broker;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Lab.Topology;

/// <summary>How each service is started on its host: its options as environment variables.</summary>
internal static class ServiceSpecs
{
    public const string Allocator = "allocator";
    public const string Failover = "failover";
    public const string NodeAgent = "node-agent";
    public const string WorkerAgent = "worker-agent";

    /// <summary>Two services on one host need two ports.</summary>
    private static int HealthPort(string name) => name == Failover ? LabPlan.HealthPort + 1 : LabPlan.HealthPort;

    /// <summary>Answers 200 when the service is ready, from its own host only.</summary>
    public static Uri ReadyUrl(string name) => new($"http://127.0.0.1:{HealthPort(name)}/healthz/ready");

    public static ProcessSpec ForAllocator(LabHost control, LabPlan plan, LabOptions options)
    {
        var environment = Common(LabPlan.ControlPrivate);
        environment["Allocator__Database"] = $"Data Source={Path.Combine(control.Directory, "allocator.db")}";
        environment["Allocator__KeyFile"] = KeyFile(control);
        environment["Allocator__DefaultRegion"] = LabPlan.Region;
        environment["Allocator__Regions__0__Name"] = LabPlan.Region;
        foreach (var (index, ip) in plan.ElasticIps.Index())
        {
            environment[$"Allocator__Regions__0__ElasticIps__{index}__Address"] = ip.Address;
            environment[$"Allocator__Regions__0__ElasticIps__{index}__AllocationId"] = ip.AllocationId;
        }
        foreach (var (index, subnet) in plan.Subnets.Index())
        {
            environment[$"Allocator__Regions__0__Subnets__{index}__SubnetId"] = subnet.Id;
            environment[$"Allocator__Regions__0__Subnets__{index}__PrivateRange"] = LabPlan.PrivateRange(index + 1).ToString();
        }
        return Spec(Allocator, "Allocator", environment, options);
    }

    private static string KeyFile(LabHost control)
    {
        var path = Path.Combine(control.Directory, "allocator.key");
        if (!File.Exists(path))
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        }
        return path;
    }

    public static ProcessSpec ForFailover(LabOptions options)
    {
        var environment = Common(LabPlan.ControlPrivate);
        environment["Failover__Region"] = LabPlan.Region;
        environment["Failover__Ec2ServiceUrl"] = LabPlan.CloudUrl.ToString();
        environment["Failover__SqsQueueUrl"] = LabPlan.QueueUrl;
        return Spec(Failover, "Failover", environment, options);
    }

    public static ProcessSpec ForNodeAgent(LabNode node, LabOptions options)
    {
        var environment = Common(LabPlan.ControlPrivate);
        environment["NodeAgent__MetadataUrl"] = $"http://{LabPlan.Metadata}";
        environment["NodeAgent__StateDirectory"] = Path.Combine(node.Directory, "state");
        return Spec(NodeAgent, "NodeAgent", environment, options);
    }

    public static ProcessSpec ForWorkerAgent(LabWorker worker, LabOptions options)
    {
        var environment = Common(LabPlan.ControlManagement);
        environment["WorkerAgent__WorkerId"] = worker.WorkerId;
        environment["WorkerAgent__StateDirectory"] = Path.Combine(worker.Directory, "state");
        return Spec(WorkerAgent, "WorkerAgent", environment, options);
    }

    private static Dictionary<string, string> Common(IPAddress broker) => new()
    {
        ["Bus__Uri"] = $"amqp://{RabbitBroker.User}:{RabbitBroker.Password}@{broker}:{LabPlan.BrokerPort}/",
        ["AWS_ACCESS_KEY_ID"] = "lab",
        ["AWS_SECRET_ACCESS_KEY"] = "lab",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["MASSTRANSIT_USAGE_TELEMETRY"] = "false",
    };

    private static ProcessSpec Spec(string name, string project, Dictionary<string, string> environment, LabOptions options)
    {
        environment["Health__Url"] = $"http://127.0.0.1:{HealthPort(name)}";
        foreach (var (key, value) in options.Environment.Where(option => IsFor(project, option.Key)))
            environment[key] = value;
        return new ProcessSpec(name, Programs.Service(project), environment);
    }

    // A service refuses options of a section that it does not know, so another's must not reach it.
    private static bool IsFor(string project, string key) =>
        !key.Contains("__", StringComparison.Ordinal)
        || ((string[])[project, "Bus", "Log"]).Any(section => key.StartsWith(section + "__", StringComparison.Ordinal));
}
