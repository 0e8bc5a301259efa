"""Tests of the library: ``pytest churn_script_logging_and_tests.py``.

Author: you. Date: today.
"""

import churn_library

HEADER = (",CLIENTNUM,Attrition_Flag,Customer_Age,Gender,Dependent_count,Education_Level,"
          "Marital_Status,Income_Category,Card_Category,Months_on_book,Total_Relationship_Count,"
          "Months_Inactive_12_mon,Contacts_Count_12_mon,Credit_Limit,Total_Revolving_Bal,"
          "Avg_Open_To_Buy,Total_Amt_Chng_Q4_Q1,Total_Trans_Amt,Total_Trans_Ct,"
          "Total_Ct_Chng_Q4_Q1,Avg_Utilization_Ratio\n")
STAYED = ("0,11,Existing Customer,45,M,3,High School,Married,$60K - $80K,Blue,39,5,1,3,12691.0,777,"
          "11914.0,1.335,1144,42,1.625,0.061\n")
LEFT = ("1,12,Attrited Customer,51,F,2,Unknown,Single,Less than $40K,Blue,36,3,3,2,3000.0,0,3000.0,"
        "0.7,900,20,0.5,0.0\n")


def test_import_data_tells_who_left(tmp_path):
    """A worked example: a tiny file whose right answer is known, and no word about how."""
    path = tmp_path / "bank_data.csv"
    path.write_text(HEADER + STAYED + LEFT, encoding="utf-8")
    customers = churn_library.import_data(path)
    assert list(customers["Churn"]) == [0, 1]
    assert list(customers["Customer_Age"]) == [45, 51]
