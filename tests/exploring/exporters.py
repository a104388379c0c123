"""Further exporters by their public metric names, and machinery in which nothing is that users would notice."""

# ruff: noqa: E501 - one line a series

from __future__ import annotations

from collections.abc import Mapping

from tests.exploring.worlds import EDGES, MILLISECONDS, World

EXPORTERS = (
    World(
        "Kong",
        "kong_http_requests_total counter service=shop|pay route=r code=200|404|500 source=service\n"
        f"kong_request_latency_ms histogram service=shop|pay route=r {MILLISECONDS}\n"
        f"kong_upstream_latency_ms histogram service=shop|pay {MILLISECONDS}\n"
        f"kong_kong_latency_ms histogram service=shop {MILLISECONDS}\n"
        "kong_nginx_requests_total gauge node_id=a\n"
        "kong_bandwidth_bytes counter service=shop direction=egress\n",
        "http",
        {
            "total": 'kong_http_requests_total{service="pay"}',
            "bad": 'kong_http_requests_total{service="pay",code=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "Kong before 3.0",
        "kong_http_status counter service=shop code=200|500\n"
        f"kong_latency histogram service=shop type=request|kong|upstream {MILLISECONDS}\n"
        "kong_bandwidth counter service=shop type=egress\n",
        "gateways",
        {"total": 'kong_http_status{service="shop"}', "bad": 'kong_http_status{service="shop",code=~"5.."}'},
        ("latency",),
    ),
    World(
        "Caddy, of whose handlers each counts a request",
        "caddy_http_requests_total counter job=edge server=srv0 handler=subroute|reverse_proxy\n"
        "caddy_http_request_errors_total counter job=edge server=srv0 handler=subroute|reverse_proxy\n"
        f"caddy_http_request_duration_seconds histogram job=edge server=srv0 handler=subroute|reverse_proxy code=200|502 method=GET {EDGES}\n"
        f"caddy_http_response_duration_seconds histogram job=edge server=srv0 handler=subroute code=200|502 {EDGES}\n"
        "caddy_http_requests_in_flight gauge job=edge\n"
        "caddy_reverse_proxy_upstreams_healthy gauge job=edge upstream=a\n",
        "caddy",
        {
            "total": 'caddy_http_request_duration_seconds_count{server="srv0",handler="subroute"}',
            "bad": 'caddy_http_request_duration_seconds_count{server="srv0",handler="subroute",code=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "the older exporter of HAProxy",
        "haproxy_backend_http_responses_total counter backend=shop code=2xx|5xx\n"
        "haproxy_frontend_http_responses_total counter frontend=web code=2xx|5xx\n"
        "haproxy_up gauge job=h\n"
        "haproxy_server_http_responses_total counter backend=shop server=a code=2xx|5xx\n",
        "haproxy",
        {
            "total": 'haproxy_backend_http_responses_total{backend="shop"}',
            "bad": 'haproxy_backend_http_responses_total{backend="shop",code=~"5xx"}',
        },
    ),
    World(
        "Resque",
        "resque_jobs_processed_total counter job=rq\n"
        "resque_jobs_failed_total counter job=rq\n"
        "resque_failed_queue gauge job=rq\n"
        "resque_queue_jobs gauge queue=mail job=rq\n"
        "resque_total_workers gauge job=rq\n",
        "queues",
        {"total": 'resque_jobs_processed_total{job="rq"}', "bad": 'resque_jobs_failed_total{job="rq"}'},
    ),
    World(
        "BullMQ",
        "bullmq_job_count gauge queue=mail state=waiting|active|completed|failed|delayed\n"
        "bullmq_job_completed_total counter queue=mail\n"
        "bullmq_job_failed_total counter queue=mail\n",
        "queues",
        {"good": 'bullmq_job_completed_total{queue="mail"}', "bad": 'bullmq_job_failed_total{queue="mail"}'},
        ("backlog",),
    ),
    World(
        "BullMQ with the states of jobs alone",
        "bullmq_job_count gauge queue=mail state=waiting|active|completed|failed|delayed job=w\n",
        "queues",
        {"gauge": 'sum(bullmq_job_count{queue="mail",state="waiting"})', "good_when": "< 1000"},
    ),
    World(
        "Tomcat by JMX",
        "tomcat_requestcount_total counter port=8080 protocol=http-nio job=shop\n"
        "tomcat_errorcount_total counter port=8080 protocol=http-nio job=shop\n"
        "tomcat_processingtime_total counter port=8080 job=shop\n"
        "tomcat_bytessent_total counter job=shop\n"
        "tomcat_session_active_total gauge job=shop\n",
        "outcomes",
        {"total": 'tomcat_requestcount_total{job="shop"}', "bad": 'tomcat_errorcount_total{job="shop"}'},
    ),
    World(
        "Tomcat by Micrometer",
        "tomcat_global_request_seconds summary application=shop name=http-nio-8080\n"
        "tomcat_global_error_total counter application=shop name=http-nio-8080\n"
        "tomcat_global_request_max_seconds gauge application=shop\n"
        "tomcat_sessions_active_current_sessions gauge application=shop\n",
        "tomcat",
        {
            "total": 'tomcat_global_request_seconds_count{application="shop"}',
            "bad": 'tomcat_global_error_total{application="shop"}',
        },
    ),
    World(
        "Spring Cloud Gateway, whose status is a word",
        "spring_cloud_gateway_requests_seconds summary application=gw httpStatusCode=200|500 outcome=SUCCESSFUL|SERVER_ERROR routeId=cart status=OK|INTERNAL_SERVER_ERROR\n",
        "http",
        {
            "total": 'spring_cloud_gateway_requests_seconds_count{application="gw"}',
            "bad": 'spring_cloud_gateway_requests_seconds_count{application="gw",httpStatusCode=~"5.."}',
        },
    ),
    World(
        "listeners of Spring for Kafka",
        "spring_kafka_listener_seconds summary application=shop name=orders result=success|failure exception=none|X\n"
        "kafka_consumer_fetch_manager_records_lag gauge application=shop topic=orders\n",
        "outcomes",
        {
            "total": 'spring_kafka_listener_seconds_count{application="shop"}',
            "bad": 'spring_kafka_listener_seconds_count{application="shop",result=~"failure"}',
        },
    ),
    World(
        "Spring Batch",
        "spring_batch_job_seconds summary application=shop name=import status=COMPLETED|FAILED\n",
        "outcomes",
        {
            "total": 'spring_batch_job_seconds_count{application="shop"}',
            "bad": 'spring_batch_job_seconds_count{application="shop",status=~"FAILED"}',
        },
    ),
    World(
        "scheduled tasks of Spring",
        "tasks_scheduled_execution_seconds summary application=shop outcome=SUCCESS|ERROR code_function=tick\n",
        "outcomes",
        {
            "total": 'tasks_scheduled_execution_seconds_count{application="shop"}',
            "bad": 'tasks_scheduled_execution_seconds_count{application="shop",outcome=~"ERROR"}',
        },
    ),
    World(
        "Django",
        "django_http_requests_before_middlewares_total counter job=web\n"
        "django_http_responses_total_by_status_total counter job=web status=200|404|500\n"
        "django_http_responses_total_by_status_view_method_total counter job=web status=200|500 view=a method=GET\n"
        f"django_http_requests_latency_including_middlewares_seconds histogram job=web {EDGES}\n"
        f"django_http_requests_latency_seconds_by_view_method histogram job=web view=a method=GET {EDGES}\n"
        "django_db_execute_total counter job=web alias=default\n"
        "django_http_exceptions_total_by_type_total counter job=web type=X\n",
        "http",
        {
            "total": 'django_http_responses_total_by_status_total{job="web"}',
            "bad": 'django_http_responses_total_by_status_total{job="web",status=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "Starlette",
        "starlette_requests_total counter app_name=shop status_code=200|500 method=GET path=/ job=a\n"
        f"starlette_request_duration_seconds histogram app_name=shop status_code=200|500 {EDGES} job=a\n",
        "http",
        {
            "total": 'starlette_requests_total{app_name="shop"}',
            "bad": 'starlette_requests_total{app_name="shop",status_code=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "axum",
        "axum_http_requests_total counter job=api method=GET endpoint=/x status=200|500\n"
        f"axum_http_requests_duration_seconds histogram job=api status=200|500 endpoint=/x {EDGES}\n"
        "axum_http_requests_pending gauge job=api\n",
        "http",
        {"total": 'axum_http_requests_total{job="api"}', "bad": 'axum_http_requests_total{job="api",status=~"5.."}'},
        ("latency",),
    ),
    World(
        "Actix Web",
        "api_http_requests_total counter job=api endpoint=/x status=200|500 method=GET\n"
        f"api_http_requests_duration_seconds histogram job=api status=200|500 {EDGES}\n",
        "http",
        {"total": 'api_http_requests_total{job="api"}', "bad": 'api_http_requests_total{job="api",status=~"5.."}'},
        ("latency",),
    ),
    World(
        "Gin",
        "gin_requests_total counter job=api code=200|500 url=/x\n"
        f"gin_request_duration_seconds histogram job=api code=200|500 {EDGES}\n"
        "gin_response_size_bytes summary job=api\n",
        "http",
        {"total": 'gin_requests_total{job="api"}', "bad": 'gin_requests_total{job="api",code=~"5.."}'},
        ("latency",),
    ),
    World(
        "Echo",
        "echo_requests_total counter job=api code=200|500 url=/x host=a\n"
        f"echo_request_duration_seconds histogram job=api code=200|500 {EDGES}\n"
        "echo_response_size_bytes histogram job=api le=1|+Inf\n",
        "http",
        {"total": 'echo_requests_total{job="api"}', "bad": 'echo_requests_total{job="api",code=~"5.."}'},
        ("latency",),
    ),
    World(
        "prom-client in milliseconds",
        f"http_request_duration_ms histogram job=shop code=200|500 route=/x {MILLISECONDS}\n"
        "nodejs_heap_size_total_bytes gauge job=shop\n",
        "http",
        {
            "total": 'http_request_duration_ms_count{job="shop"}',
            "bad": 'http_request_duration_ms_count{job="shop",code=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "ASP.NET Core by OpenTelemetry",
        f"http_server_request_duration_seconds histogram job=web http_response_status_code=200|500 http_route=/x {EDGES}\n"
        f"kestrel_connection_duration_seconds histogram job=web {EDGES}\n"
        "aspnetcore_routing_match_attempts_total counter job=web aspnetcore_routing_match_status=success|failure\n"
        "aspnetcore_rate_limiting_requests_total counter job=web aspnetcore_rate_limiting_result=acquired\n"
        f"http_client_request_duration_seconds histogram job=web http_response_status_code=200|500 {EDGES}\n"
        "kestrel_rejected_connections_total counter job=web\n"
        "dotnet_gc_collections_total counter job=web\n",
        "otel_http",
        {
            "total": 'http_server_request_duration_seconds_count{job="web"}',
            "bad": 'http_server_request_duration_seconds_count{job="web",http_response_status_code=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "AWS's load balancers",
        "aws_applicationelb_request_count_sum gauge dimension_LoadBalancer=app/shop/1 dimension_TargetGroup=targetgroup/shop/2 name=arn job=yace\n"
        "aws_applicationelb_httpcode_target_5_xx_count_sum gauge dimension_LoadBalancer=app/shop/1 name=arn job=yace\n"
        "aws_applicationelb_httpcode_elb_5_xx_count_sum gauge dimension_LoadBalancer=app/shop/1 job=yace\n"
        "aws_applicationelb_target_response_time_average gauge dimension_LoadBalancer=app/shop/1 job=yace\n"
        "aws_applicationelb_healthy_host_count_minimum gauge dimension_LoadBalancer=app/shop/1 job=yace\n"
        "yace_cloudwatch_requests_total counter job=yace\n",
        "aws",
        {
            "ratio": {
                "error": '(sum(aws_applicationelb_httpcode_target_5_xx_count_sum{dimension_LoadBalancer="app/shop/1"}) or sum(aws_applicationelb_request_count_sum{dimension_LoadBalancer="app/shop/1"}) * 0) / (sum(aws_applicationelb_request_count_sum{dimension_LoadBalancer="app/shop/1"}) > 0)'
            }
        },
    ),
    World(
        "AWS Lambda",
        "aws_lambda_invocations_sum gauge dimension_FunctionName=mail\n"
        "aws_lambda_errors_sum gauge dimension_FunctionName=mail\n"
        "aws_lambda_duration_p95 gauge dimension_FunctionName=mail\n",
        "aws",
        {
            "ratio": {
                "error": '(sum(aws_lambda_errors_sum{dimension_FunctionName="mail"}) or sum(aws_lambda_invocations_sum{dimension_FunctionName="mail"}) * 0) / (sum(aws_lambda_invocations_sum{dimension_FunctionName="mail"}) > 0)'
            }
        },
    ),
    World(
        "AWS SQS",
        "aws_sqs_approximate_age_of_oldest_message_maximum gauge dimension_QueueName=mail\n"
        "aws_sqs_approximate_number_of_messages_visible_average gauge dimension_QueueName=mail\n",
        "queues",
        {
            "gauge": 'max(aws_sqs_approximate_age_of_oldest_message_maximum{dimension_QueueName="mail"})',
            "good_when": "< 60",
        },
    ),
    World(
        "Sidekiq's own exporter",
        "sidekiq_processed_jobs_total counter job=sk\n"
        "sidekiq_failed_jobs_total counter job=sk\n"
        "sidekiq_queue_latency_seconds gauge name=default|mail job=sk\n"
        "sidekiq_queue_enqueued_jobs gauge name=default job=sk\n"
        "sidekiq_workers gauge job=sk\n",
        "queues",
        {"total": 'sidekiq_processed_jobs_total{job="sk"}', "bad": 'sidekiq_failed_jobs_total{job="sk"}'},
    ),
    World(
        "Sidekiq of GitLab",
        f"sidekiq_jobs_completion_seconds histogram queue=default job=gl {EDGES}\n"
        "sidekiq_jobs_failed_total counter queue=default job=gl\n"
        f"sidekiq_jobs_queue_duration_seconds histogram queue=default {EDGES}\n",
        "queues",
        {
            "total": 'sidekiq_jobs_completion_seconds_count{queue="default"}',
            "bad": 'sidekiq_jobs_failed_total{queue="default"}',
        },
        ("latency",),
    ),
    World(
        "Sidekiq by prometheus_exporter",
        "sidekiq_jobs_total counter job_name=Send queue=mail\n"
        "sidekiq_failed_jobs_total counter job_name=Send queue=mail\n"
        "sidekiq_job_duration_seconds summary job_name=Send\n"
        "sidekiq_queue_latency_seconds gauge queue=mail\n",
        "queues",
        {"total": 'sidekiq_jobs_total{queue="mail"}', "bad": 'sidekiq_failed_jobs_total{queue="mail"}'},
        ("backlog",),
    ),
    World(
        "brokers of Kafka by JMX",
        "kafka_server_brokertopicmetrics_totalproducerequests_total counter topic=orders job=k\n"
        "kafka_server_brokertopicmetrics_failedproducerequests_total counter topic=orders job=k\n"
        "kafka_server_brokertopicmetrics_messagesin_total counter topic=orders\n",
        "outcomes",
        {
            "total": 'kafka_server_brokertopicmetrics_totalproducerequests_total{job="k"}',
            "bad": 'kafka_server_brokertopicmetrics_failedproducerequests_total{job="k"}',
        },
    ),
    World(
        "RabbitMQ without queues",
        "rabbitmq_queue_messages_ready gauge job=mq\n"
        "rabbitmq_queue_messages_unacked gauge job=mq\n"
        "rabbitmq_connections gauge job=mq\n",
        "queues",
        {"gauge": "sum(rabbitmq_queue_messages_ready)", "good_when": "< 1000"},
    ),
    World(
        "APISIX",
        "apisix_http_status counter code=200|500 route=1 service=shop node=a\n"
        f"apisix_http_latency histogram type=request|upstream|apisix service=shop route=1 {MILLISECONDS}\n"
        "apisix_http_requests_total gauge job=a\n"
        "apisix_bandwidth counter type=ingress\n",
        "gateways",
        {"total": 'apisix_http_status{service="shop"}', "bad": 'apisix_http_status{service="shop",code=~"5.."}'},
        ("latency",),
    ),
    World(
        "Dapr",
        "dapr_http_server_request_count counter app_id=shop status=200|500 method=GET\n"
        f"dapr_http_server_latency histogram app_id=shop status=200|500 {MILLISECONDS}\n"
        "dapr_http_client_completed_count counter app_id=shop status=200|500\n",
        "gateways",
        {
            "total": 'dapr_http_server_request_count{app_id="shop"}',
            "bad": 'dapr_http_server_request_count{app_id="shop",status=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "Knative",
        "revision_app_request_count counter service_name=shop response_code=200|500 response_code_class=2xx|5xx\n"
        f"revision_app_request_latencies histogram service_name=shop response_code=200|500 {MILLISECONDS}\n",
        "gateways",
        {
            "total": 'revision_app_request_count{service_name="shop"}',
            "bad": 'revision_app_request_count{service_name="shop",response_code=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "MinIO, whose clients err too",
        "minio_s3_requests_total counter server=a api=getobject job=m\n"
        "minio_s3_requests_errors_total counter server=a api=getobject job=m\n"
        "minio_s3_requests_5xx_errors_total counter server=a api=getobject job=m\n"
        "minio_s3_requests_4xx_errors_total counter server=a api=getobject job=m\n",
        "outcomes",
        {"total": 'minio_s3_requests_total{job="m"}', "bad": 'minio_s3_requests_5xx_errors_total{job="m"}'},
    ),
    World(
        "Airflow",
        "airflow_ti_successes counter job=af\n"
        "airflow_ti_failures counter job=af\n"
        "airflow_dag_processing_import_errors gauge job=af\n",
        "outcomes",
        {"good": 'airflow_ti_successes{job="af"}', "bad": 'airflow_ti_failures{job="af"}'},
    ),
    World(
        "runners of GitLab",
        "gitlab_runner_jobs_total counter runner=a job=gr\n"
        "gitlab_runner_failed_jobs_total counter runner=a failure_reason=x job=gr\n"
        "gitlab_runner_errors_total counter job=gr level=error\n",
        "outcomes",
        {"total": 'gitlab_runner_jobs_total{job="gr"}', "bad": 'gitlab_runner_failed_jobs_total{job="gr"}'},
    ),
    World(
        "Argo Workflows",
        "argo_workflows_total_count counter phase=Succeeded|Failed|Error job=aw namespace=ci\n"
        "argo_workflows_gauge gauge phase=Running\n",
        "outcomes",
        {
            "total": 'argo_workflows_total_count{job="aw"}',
            "bad": 'argo_workflows_total_count{job="aw",phase=~"Error|Failed"}',
        },
    ),
    World(
        "Tekton",
        "tekton_pipelines_controller_pipelinerun_total counter status=success|failed|cancelled job=tk\n",
        "outcomes",
        {
            "total": 'tekton_pipelines_controller_pipelinerun_total{job="tk"}',
            "bad": 'tekton_pipelines_controller_pipelinerun_total{job="tk",status=~"failed"}',
        },
    ),
    World(
        "Temporal",
        "service_requests counter operation=a service_name=frontend\n"
        "service_errors counter operation=a service_name=frontend\n",
        "outcomes",
        {"total": 'service_requests{service_name="frontend"}', "bad": 'service_errors{service_name="frontend"}'},
    ),
    World(
        "Phoenix by PromEx",
        "shop_prom_ex_phoenix_http_requests_total counter status=200|500 controller=a job=p\n"
        f"shop_prom_ex_phoenix_http_request_duration_milliseconds histogram status=200|500 {MILLISECONDS} job=p\n",
        "http",
        {
            "total": 'shop_prom_ex_phoenix_http_requests_total{job="p"}',
            "bad": 'shop_prom_ex_phoenix_http_requests_total{job="p",status=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "Harbor",
        "harbor_core_http_request_total counter code=200|500 method=GET operation=a job=h\n"
        "harbor_core_http_request_duration_seconds summary method=GET job=h\n",
        "http",
        {
            "total": 'harbor_core_http_request_total{job="h"}',
            "bad": 'harbor_core_http_request_total{job="h",code=~"5.."}',
        },
    ),
    World(
        "NATS",
        "nats_consumer_num_pending gauge consumer_name=mail stream_name=s\nnats_varz_slow_consumers gauge job=n\n",
        "queues",
        {"gauge": 'sum(nats_consumer_num_pending{consumer_name="mail"})', "good_when": "< 1000"},
    ),
    World(
        "Pulsar",
        "pulsar_subscription_back_log gauge subscription=mail topic=t\npulsar_rate_in gauge topic=t\n",
        "queues",
        {"gauge": 'sum(pulsar_subscription_back_log{subscription="mail"})', "good_when": "< 1000"},
    ),
    World(
        "BIND",
        "bind_responses_total counter result=Success|SERVFAIL|NXDOMAIN job=d\n"
        "bind_query_errors_total counter error=Dropped\n"
        "bind_incoming_queries_total counter type=A\n",
        "outcomes",
        {"total": 'bind_responses_total{job="d"}', "bad": 'bind_responses_total{job="d",result=~"SERVFAIL"}'},
    ),
    World(
        "Unbound",
        "unbound_answer_rcodes_total counter rcode=NOERROR|SERVFAIL|NXDOMAIN job=u\n",
        "outcomes",
        {
            "total": 'unbound_answer_rcodes_total{job="u"}',
            "bad": 'unbound_answer_rcodes_total{job="u",rcode=~"SERVFAIL"}',
        },
    ),
)
MACHINERY: Mapping[str, str] = {
    "a pool of connections": "pgbouncer_up gauge job=pb\n"
    "pgbouncer_pools_client_waiting_connections gauge database=shop\n"
    "pgbouncer_pools_client_maxwait_seconds gauge database=shop\n"
    "pgbouncer_stats_queries_pooled_total counter database=shop\n",
    "containers and jobs of a cluster": "container_network_receive_errors_total counter pod=a\n"
    "kube_job_status_failed gauge job_name=a\n"
    "kube_job_status_succeeded gauge job_name=a\n"
    "kubelet_runtime_operations_total counter operation_type=a\n"
    "kubelet_runtime_operations_errors_total counter operation_type=a\n"
    "kube_pod_status_phase gauge phase=Failed|Succeeded\n",
    "a database that archives": "pg_up gauge job=d\n"
    "pg_stat_database_xact_commit counter datname=a\n"
    "pg_stat_database_xact_rollback counter datname=a\n"
    "pg_stat_archiver_archived_count counter job=d\n"
    "pg_stat_archiver_failed_count counter job=d\n",
    "a cache that rejects": "redis_commands_processed_total counter job=r\n"
    "redis_commands_failed_calls_total counter cmd=get\n"
    "redis_rejected_connections_total counter job=r\n"
    "redis_connections_received_total counter job=r\n",
    "a database by its status": "mysql_global_status_questions counter job=m\n"
    "mysql_global_status_connection_errors_total counter error=a\n"
    "mysql_global_status_commands_total counter command=a\n",
    "certificates": "certmanager_http_acme_client_request_count counter status=200|500\n"
    "certmanager_controller_sync_call_count counter controller=a\n"
    "certmanager_controller_sync_error_count counter controller=a\n",
    "machines with Windows": "windows_net_packets_received_errors_total counter nic=a\n"
    "windows_net_packets_received_total counter nic=a\n"
    "windows_service_state gauge state=running\n",
    "errors of IIS, without all of its requests": "windows_iis_requests_total counter site=shop method=GET\n"
    "windows_iis_worker_request_errors_total counter app=shop status_code=500|503\n",
    "switches": "ifInErrors counter ifIndex=1\n"
    "ifInUcastPkts counter ifIndex=1\n"
    "ifInDiscards counter ifIndex=1\n"
    "snmp_scrape_pdus_returned gauge job=s\n",
    "a cache by its commands": "memcached_commands_total counter command=get status=hit|miss job=m\n"
    "memcached_up gauge job=m\n",
    "an index for searches": "elasticsearch_indices_search_query_total counter cluster=c\n"
    "elasticsearch_indices_search_fetch_total counter cluster=c\n"
    "elasticsearch_cluster_health_status gauge color=green\n",
    "processes of PHP": "phpfpm_up gauge job=f\n"
    "phpfpm_accepted_connections counter job=f\n"
    "phpfpm_slow_requests counter job=f\n",
    "a cache for HTTP without codes": "varnish_main_client_req counter job=v\n"
    "varnish_main_backend_fail counter job=v\n"
    "varnish_backend_happy gauge backend=a\n",
}
